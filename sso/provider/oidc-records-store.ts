import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import { personOfRecord } from '#sso/provider/person-of-record.ts';

/** What the provider keeps under an id, without the id. */
export interface OidcRecord {
  payload: Record<string, unknown>;
  sealedId: Buffer | null;
  consumedAt: number | null;
}

const columns = sql`payload, sealed_id as "sealedId",
  floor(extract(epoch from consumed_at))::int as "consumedAt"`;
const alive = sql`(expires_at is null or expires_at > now())`;
/** A request that was under way when the session ended saves it again: it is found no more for all that. */
const goesOn = sql`(uid is null or not exists (
  select from sign_in_session s where s.uid = oidc_record.uid and s.ended_at is not null))`;

export const putRecord = async (
  db: Database,
  record: {
    model: string;
    idHash: Buffer;
    payload: Record<string, unknown>;
    sealedId: Buffer | undefined;
    userCodeHash: Buffer | undefined;
    expiresIn: number | undefined;
  },
): Promise<void> => {
  const { payload } = record;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const expiry =
    record.expiresIn === undefined ? sql`null` : sql`now() + ${record.expiresIn} * interval '1 second'`;
  await sql`
    insert into oidc_record (model, id_hash, payload, sealed_id, grant_id, uid, user_code_hash, account_id, expires_at)
    values (${record.model}, ${record.idHash}, ${JSON.stringify(payload)}::jsonb, ${record.sealedId ?? null},
            ${text(payload.grantId)}, ${record.model === 'Session' ? text(payload.uid) : null},
            ${record.userCodeHash ?? null}, ${personOfRecord(record.model, payload) ?? null}, ${expiry})
    on conflict (model, id_hash) do update set payload = excluded.payload, sealed_id = excluded.sealed_id,
      grant_id = excluded.grant_id, uid = excluded.uid, user_code_hash = excluded.user_code_hash,
      account_id = excluded.account_id, expires_at = excluded.expires_at`.execute(db);
};

export const findRecord = async (
  db: Database,
  model: string,
  idHash: Buffer,
): Promise<OidcRecord | undefined> => {
  const { rows } = await sql<OidcRecord>`
    select ${columns} from oidc_record where model = ${model} and id_hash = ${idHash} and ${alive} and ${goesOn}`.execute(
    db,
  );
  return rows[0];
};

/** The records of several models under one id. */
export const findRecords = async (
  db: Database,
  models: string[],
  idHash: Buffer,
): Promise<(OidcRecord & { model: string })[]> => {
  const { rows } = await sql<OidcRecord & { model: string }>`
    select model, ${columns} from oidc_record
    where model = any(${models}::text[]) and id_hash = ${idHash} and ${alive}`.execute(db);
  return rows;
};

export const findSession = async (db: Database, uid: string): Promise<OidcRecord | undefined> => {
  const { rows } = await sql<OidcRecord>`
    select ${columns} from oidc_record where model = 'Session' and uid = ${uid} and ${alive} and ${goesOn}`.execute(
    db,
  );
  return rows[0];
};

export const findUserCode = async (
  db: Database,
  model: string,
  userCodeHash: Buffer,
): Promise<OidcRecord | undefined> => {
  const { rows } = await sql<OidcRecord>`
    select ${columns} from oidc_record
    where user_code_hash = ${userCodeHash} and model = ${model} and ${alive}`.execute(db);
  return rows[0];
};

/** Marks as used what was not used before; false: somebody was first (RFC 6749 §4.1.2: a code is used once). */
export const consumeRecord = async (db: Database, model: string, idHash: Buffer): Promise<boolean> => {
  const { rows } = await sql`
    update oidc_record set consumed_at = now()
    where model = ${model} and id_hash = ${idHash} and consumed_at is null returning 1`.execute(db);
  return rows.length > 0;
};

export const removeRecord = async (db: Database, model: string, idHash: Buffer): Promise<void> => {
  await sql`delete from oidc_record where model = ${model} and id_hash = ${idHash}`.execute(db);
};

/** All tokens and codes that came from a grant, of every kind; the grant itself too. */
export const removeOfGrant = async (db: Database, grantId: string): Promise<void> => {
  await sql`delete from oidc_record where grant_id = ${grantId}`.execute(db);
};

/** Removes at most `limit` expired records; locked ones are left for the next time, so nobody waits. */
export const removeExpired = async (db: Database, limit: number): Promise<number> => {
  const { rows } = await sql`
    delete from oidc_record where (model, id_hash) in (
      select model, id_hash from oidc_record where expires_at < now() - interval '5 minutes'
      order by expires_at limit ${limit} for update skip locked)
    returning 1`.execute(db);
  return rows.length;
};
