import { sql } from 'kysely';
import { type Database, mayBeLost, often } from '#hub/platform/database.ts';
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

/** A record as it is written. */
export interface NewRecord {
  model: string;
  idHash: Buffer;
  payload: Record<string, unknown>;
  sealedId: Buffer | undefined;
  userCodeHash: Buffer | undefined;
  expiresIn: number | undefined;
}

/** Whoever loses one of these to a power cut signs in again. The session itself, and what was used, are never lost. */
const lossy = new Set(['Interaction', 'AuthorizationCode', 'Grant', 'AccessToken']);
const durability = (models: string[]) => (models.every(model => lossy.has(model)) ? mayBeLost : sql`true`);

/** Where a record is. */
export interface RecordId {
  model: string;
  idHash: Buffer;
}

/** Writes records, each new or anew, and removes others, in one statement. */
export const putRecords = async (db: Database, put: NewRecord[], remove: RecordId[] = []): Promise<void> => {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const rows = put.map(({ model, payload, expiresIn = null, idHash, sealedId, userCodeHash }) => ({
    model,
    idHash: idHash.toString('hex'),
    payload,
    sealedId: sealedId?.toString('hex'),
    grantId: text(payload.grantId),
    uid: model === 'Session' ? text(payload.uid) : null,
    userCodeHash: userCodeHash?.toString('hex'),
    accountId: personOfRecord(model, payload) ?? null,
    expiresIn,
  }));
  await sql`${often}
    with removed as (
      delete from oidc_record r using unnest(
        ${remove.map(({ model }) => model)}::text[], ${remove.map(({ idHash }) => idHash)}::bytea[]) old(model, id_hash)
      where r.model = old.model and r.id_hash = old.id_hash)
    insert into oidc_record (model, id_hash, payload, sealed_id, grant_id, uid, user_code_hash, account_id, expires_at)
    select model, decode("idHash", 'hex'), payload, decode("sealedId", 'hex'), "grantId", uid,
      decode("userCodeHash", 'hex'), "accountId", now() + "expiresIn" * interval '1 second'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as put (
      model text, "idHash" text, payload jsonb, "sealedId" text, "grantId" text, uid text, "userCodeHash" text,
      "accountId" text, "expiresIn" float8)
    where ${durability([...put, ...remove].map(({ model }) => model))}
    on conflict (model, id_hash) do update set payload = excluded.payload, sealed_id = excluded.sealed_id,
      grant_id = excluded.grant_id, uid = excluded.uid, user_code_hash = excluded.user_code_hash,
      account_id = excluded.account_id, expires_at = excluded.expires_at`.execute(db);
};

/** Writes a record anew that is still there; false: it is gone, and stays so. */
export const replaceRecord = async (db: Database, record: NewRecord): Promise<boolean> => {
  const { model, idHash, payload } = record;
  const { rows } = await sql`${often}
    update oidc_record set payload = ${JSON.stringify(payload)}::jsonb,
      expires_at = now() + ${record.expiresIn ?? null} * interval '1 second',
      account_id = ${personOfRecord(model, payload) ?? null}
    where model = ${model} and id_hash = ${idHash} and ${alive} and ${durability([model])} returning 1`.execute(
    db,
  );
  return rows.length > 0;
};

export const findRecord = async (
  db: Database,
  model: string,
  idHash: Buffer,
): Promise<OidcRecord | undefined> => {
  const { rows } = await sql<OidcRecord>`${often}
    select ${columns} from oidc_record where model = ${model} and id_hash = ${idHash} and ${alive} and ${goesOn}`.execute(
    db,
  );
  return rows[0];
};

/** A record among others. */
export interface NamedRecord extends OidcRecord {
  model: string;
  idHash: Buffer;
  uid: string | null;
}

/** The records of several models under several ids, with the grants and the sessions that they came from. */
export const findRecords = async (
  db: Database,
  models: string[],
  idHashes: Buffer[],
): Promise<NamedRecord[]> => {
  const named = sql`model, id_hash as "idHash", uid, ${columns}`;
  const { rows } = await sql<NamedRecord>`${often}
    with found as materialized (
      select * from oidc_record
      where model = any(${models}::text[]) and id_hash = any(${idHashes}::bytea[]) and ${alive})
    select ${named} from found
    union all
    select ${named} from oidc_record where model = 'Grant' and ${alive}
      and id_hash = any(array(select sha256(convert_to(grant_id, 'UTF8')) from found where grant_id is not null))
    union all
    select ${named} from oidc_record where model = 'Session' and ${alive} and ${goesOn}
      and uid = any(array(select payload ->> 'sessionUid' from found))`.execute(db);
  return rows;
};

export const findSession = async (db: Database, uid: string): Promise<OidcRecord | undefined> => {
  const { rows } = await sql<OidcRecord>`${often}
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
  const { rows } = await sql<OidcRecord>`${often}
    select ${columns} from oidc_record
    where user_code_hash = ${userCodeHash} and model = ${model} and ${alive}`.execute(db);
  return rows[0];
};

/** Marks as used what was not used before; false: somebody was first (RFC 6749 §4.1.2: a code is used once). */
export const consumeRecord = async (db: Database, model: string, idHash: Buffer): Promise<boolean> => {
  const { rows } = await sql`${often}
    update oidc_record set consumed_at = now()
    where model = ${model} and id_hash = ${idHash} and consumed_at is null returning 1`.execute(db);
  return rows.length > 0;
};

/** All tokens and codes that came from a grant, of every kind; the grant itself too. */
export const removeOfGrant = async (db: Database, grantId: string): Promise<void> => {
  await sql`delete from oidc_record where grant_id = ${grantId}`.execute(db);
};

/** Removes at most `limit` expired records; locked ones are left for the next time, so nobody waits. */
export const removeExpired = async (db: Database, limit: number): Promise<number> => {
  const { rows } = await sql`${often}
    delete from oidc_record where (model, id_hash) in (
      select model, id_hash from oidc_record where expires_at < now() - interval '5 minutes'
      order by expires_at limit ${limit} for update skip locked)
    returning 1`.execute(db);
  return rows.length;
};
