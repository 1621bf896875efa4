import type { JsonWebKey } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** A key with its certificate, as it is kept. */
export interface CredentialRow {
  id: string;
  staffId: string | null;
  unitId: string | null;
  algorithm: string;
  subject: Record<string, string>;
  publicKey: JsonWebKey;
  request: Buffer;
  certificate: Buffer | null;
  chain: Buffer[];
  notAfter: Date | null;
  pinHash: string;
  wrongPins: number;
  heldAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
}

const columns = sql`id, staff_id as "staffId", unit_id as "unitId", algorithm, subject, public_key as "publicKey", request,
  certificate, chain, not_after as "notAfter", pin_hash as "pinHash", wrong_pins as "wrongPins", held_at as "heldAt",
  revoked_at as "revokedAt", created_at as "createdAt"`;

export const insertCredential = async (
  tx: Tx,
  given: Pick<
    CredentialRow,
    'id' | 'staffId' | 'unitId' | 'algorithm' | 'subject' | 'publicKey' | 'request' | 'pinHash'
  >,
): Promise<void> => {
  await sql`
    insert into signing_credential (id, staff_id, unit_id, algorithm, subject, public_key, request, pin_hash)
    values (${given.id}, ${given.staffId}, ${given.unitId}, ${given.algorithm}, ${JSON.stringify(given.subject)}::jsonb,
      ${JSON.stringify(given.publicKey)}::jsonb, ${given.request}, ${given.pinHash})`.execute(tx);
};

export const findCredential = async (db: Database | Tx, id: string): Promise<CredentialRow | undefined> => {
  const { rows } = await sql<CredentialRow>`
    select ${columns} from signing_credential where id::text = ${id}`.execute(db);
  return rows[0];
};

/** A holder's, the newest certificate first; without a holder all, those that expire first first. */
export const listCredentials = async (
  db: Database,
  by: { staffId?: string | undefined; unitId?: string | undefined; expiresWithinDays?: number | undefined },
): Promise<CredentialRow[]> => {
  const { rows } = await sql<CredentialRow>`
    select ${columns} from signing_credential
    where (${by.staffId ?? null}::uuid is null or staff_id = ${by.staffId ?? null}::uuid)
      and (${by.unitId ?? null}::uuid is null or unit_id = ${by.unitId ?? null}::uuid)
      and (${by.expiresWithinDays ?? null}::integer is null or (revoked_at is null and
        not_after < clock_timestamp() + ${by.expiresWithinDays ?? null}::integer * interval '1 day'))
    order by not_after desc nulls last, created_at desc limit 1000`.execute(db);
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

/** Counts a PIN before it is looked at, on all nodes together; undefined: the key is held, the PIN is not looked at. */
export const countPin = async (db: Database, id: string, most: number): Promise<number | undefined> => {
  const { rows } = await sql<{ wrongPins: number }>`
    update signing_credential set wrong_pins = wrong_pins + 1,
      held_at = case when wrong_pins + 1 >= ${most} then coalesce(held_at, clock_timestamp()) else held_at end
    where id = ${id} and held_at is null and revoked_at is null
    returning wrong_pins as "wrongPins"`.execute(db);
  return rows[0]?.wrongPins;
};

/** The PIN was right: what was counted is forgotten, and a hold that this very count made too. */
export const forgetPins = async (db: Database, id: string): Promise<void> => {
  await sql`update signing_credential set wrong_pins = 0, held_at = null where id = ${id}`.execute(db);
};

export const holdCredential = async (tx: Tx, id: string, held: boolean): Promise<void> => {
  await sql`update signing_credential set wrong_pins = 0,
    held_at = case when ${held} then coalesce(held_at, clock_timestamp()) end where id = ${id}`.execute(tx);
};

export const setPin = async (tx: Tx, id: string, pinHash: string): Promise<void> => {
  await sql`update signing_credential set pin_hash = ${pinHash}, wrong_pins = 0, held_at = null where id = ${id}`.execute(
    tx,
  );
};

export const revokeCredential = async (tx: Tx, id: string, reason: string): Promise<boolean> => {
  const { rows } =
    await sql`update signing_credential set revoked_at = clock_timestamp(), revoked_reason = ${reason}
    where id = ${id} and revoked_at is null returning 1`.execute(tx);
  return rows.length > 0;
};

export const putHolders = async (tx: Tx, credentialId: string, staffIds: string[]): Promise<void> => {
  await sql`delete from signing_key_holder where credential_id = ${credentialId}
    and staff_id <> all(${staffIds}::uuid[])`.execute(tx);
  await sql`insert into signing_key_holder (credential_id, staff_id)
    select ${credentialId}, unnest(${staffIds}::uuid[]) on conflict do nothing`.execute(tx);
};

export const isHolder = async (db: Database, credentialId: string, staffId: string): Promise<boolean> => {
  const { rows } = await sql`select 1 from signing_key_holder
    where credential_id = ${credentialId} and staff_id = ${staffId}`.execute(db);
  return rows.length > 0;
};
