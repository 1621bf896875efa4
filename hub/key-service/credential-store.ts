import type { JsonWebKey } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { KeyAlgorithm } from '#schemas/signer.ts';

/** A key with its certificate, as it is kept. */
export interface CredentialRow {
  id: string;
  staffId: string | null;
  unitId: string | null;
  algorithm: KeyAlgorithm;
  subject: Record<string, string>;
  publicKey: JsonWebKey;
  request: Buffer;
  certificate: Buffer | null;
  chain: Buffer[];
  notAfter: Date | null;
  pinHash: string;
  /** What `pinHash` is of: a code that chooses a PIN and signs nothing. */
  pinOnce: boolean;
  heldAt: Date | null;
  heldBecause: 'wrong-pins' | 'it-centre' | null;
  revokedAt: Date | null;
  /** For the meantime: it ends so many days after its certificate came. */
  temporaryDays: number | null;
  createdAt: Date;
  /** Who may sign with an organisation's key. */
  holders: string[];
}

const columns = sql`id, staff_id as "staffId", unit_id as "unitId", algorithm, subject, public_key as "publicKey", request,
  certificate, chain, not_after as "notAfter", pin_hash as "pinHash", pin_once as "pinOnce", held_at as "heldAt",
  held_because as "heldBecause", revoked_at as "revokedAt", temporary_days as "temporaryDays", created_at as "createdAt",
  array(select staff_id::text from signing_key_holder where credential_id = id order by 1) as holders`;

export const insertCredential = async (
  tx: Tx,
  given: Pick<
    CredentialRow,
    | 'id'
    | 'staffId'
    | 'unitId'
    | 'algorithm'
    | 'subject'
    | 'publicKey'
    | 'request'
    | 'pinHash'
    | 'pinOnce'
    | 'temporaryDays'
  >,
): Promise<void> => {
  await sql`
    insert into signing_credential (id, staff_id, unit_id, algorithm, subject, public_key, request, pin_hash, pin_once, temporary_days)
    values (${given.id}, ${given.staffId}, ${given.unitId}, ${given.algorithm}, ${JSON.stringify(given.subject)}::jsonb,
      ${JSON.stringify(given.publicKey)}::jsonb, ${given.request}, ${given.pinHash}, ${given.pinOnce}, ${given.temporaryDays})`.execute(
    tx,
  );
};

export const findCredential = async (db: Database | Tx, id: string): Promise<CredentialRow | undefined> => {
  const { rows } = await sql<CredentialRow>`
    select ${columns} from signing_credential where id::text = ${id}`.execute(db);
  return rows[0];
};

/** All keys of these holders, the newest certificate first. `clerkId`: an organisation's too that this person may use. */
export const credentialsOf = async (
  db: Database | Tx,
  by: { staffIds?: string[]; unitId?: string; clerkId?: string },
): Promise<CredentialRow[]> => {
  const { rows } = await sql<CredentialRow>`
    select ${columns} from signing_credential
    where staff_id = any(${by.staffIds ?? []}::uuid[]) or unit_id = ${by.unitId ?? null}::uuid
      or id in (select credential_id from signing_key_holder where staff_id = ${by.clerkId ?? null}::uuid)
    order by not_after desc nulls last, created_at desc`.execute(db);
  return rows;
};

/**
 * A page of all keys, those first that expire first. `expiresWithin` days: only those that are not revoked, and whose holder
 * has no other that lasts longer.
 */
export const pageOfCredentials = async (
  db: Database,
  by: {
    staffId?: string | undefined;
    unitId?: string | undefined;
    expiresWithin?: number | undefined;
    after?: [string, string] | undefined;
    limit: number;
  },
): Promise<(CredentialRow & { key: string })[]> => {
  const [notAfter, id] = by.after ?? ['-infinity', '00000000-0000-0000-0000-000000000000'];
  const until = sql`clock_timestamp() + ${by.expiresWithin ?? null}::integer * interval '1 day'`;
  const { rows } = await sql<CredentialRow & { key: string }>`
    select ${columns}, coalesce(not_after, 'infinity')::text as key from signing_credential one
    where (coalesce(not_after, 'infinity'), id) > (${notAfter}::timestamptz, ${id}::uuid)
      and (${by.staffId ?? null}::uuid is null or staff_id = ${by.staffId ?? null}::uuid)
      and (${by.unitId ?? null}::uuid is null or unit_id = ${by.unitId ?? null}::uuid)
      and (${by.expiresWithin ?? null}::integer is null or (revoked_at is null and not_after < ${until} and not exists (
        select 1 from signing_credential other where other.revoked_at is null and other.not_after >= ${until}
          and (other.staff_id = one.staff_id or other.unit_id = one.unit_id))))
    order by coalesce(not_after, 'infinity'), id limit ${by.limit}`.execute(db);
  return rows;
};

export const setCertificate = async (
  tx: Tx,
  id: string,
  { certificate, chain, notAfter }: { certificate: Buffer; chain: Buffer[]; notAfter: Date },
): Promise<void> => {
  await sql`update signing_credential set certificate = ${certificate}, chain = ${chain}::bytea[], not_after = ${notAfter}
    where id = ${id}`.execute(tx);
};

/** False: it was held so already, or it is revoked. Wrong PINs are forgotten with a release. */
export const holdCredential = async (tx: Tx, id: string, held: boolean): Promise<boolean> => {
  const { rows } = await sql`
    update signing_credential set wrong_pins = 0, held_at = ${held ? sql`clock_timestamp()` : null},
      held_because = ${held ? 'it-centre' : null}
    where id = ${id} and revoked_at is null and held_because is distinct from ${held ? 'it-centre' : null}
    returning 1`.execute(tx);
  return rows.length > 0;
};

/** False: it was revoked already. */
export const revokeCredential = async (tx: Tx, id: string, reason: string): Promise<boolean> => {
  const { rows } = await sql`
    update signing_credential set revoked_at = clock_timestamp(), revoked_reason = ${reason}
    where id = ${id} and revoked_at is null returning 1`.execute(tx);
  return rows.length > 0;
};

/** Makes these the people who may sign with an organisation's key. */
export const putHolders = async (tx: Tx, credentialId: string, staffIds: string[]): Promise<void> => {
  await sql`delete from signing_key_holder where credential_id = ${credentialId}
    and staff_id <> all(${staffIds}::uuid[])`.execute(tx);
  await sql`insert into signing_key_holder (credential_id, staff_id)
    select ${credentialId}, unnest(${staffIds}::uuid[]) on conflict do nothing`.execute(tx);
};
