import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

type FactorKind = 'totp' | 'passkey';

/** A second factor as its person sees it. */
interface Factor {
  id: string;
  kind: FactorKind;
  name: string;
  addedAt: Date;
  usedAt: Date | null;
}

/** The public half of a passkey. `counter`: how often it has signed, as it says. */
export interface Passkey {
  id: string;
  credentialId: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
}

export const listFactors = async (db: Database | Tx, staffId: string): Promise<Factor[]> => {
  const { rows } = await sql<Factor>`
    select id, kind, name, added_at as "addedAt", used_at as "usedAt"
    from factor where staff_id = ${staffId} order by added_at, id`.execute(db);
  return rows;
};

export const readTotpSecrets = async (
  db: Database,
  staffId: string,
): Promise<{ id: string; secret: Buffer }[]> => {
  const { rows } = await sql<{ id: string; secret: Buffer }>`
    select id, secret from factor where staff_id = ${staffId} and kind = 'totp' order by added_at`.execute(
    db,
  );
  return rows;
};

export const readPasskeys = async (db: Database, staffId: string): Promise<Passkey[]> => {
  const { rows } = await sql<Passkey>`
    select id, credential_id as "credentialId", public_key as "publicKey", counter::float8 as counter, transports
    from factor where staff_id = ${staffId} and kind = 'passkey' order by added_at`.execute(db);
  return rows;
};

export const addTotp = async (
  tx: Tx,
  { staffId, name, secret }: { staffId: string; name: string; secret: Buffer },
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into factor (staff_id, kind, name, secret) values (${staffId}, 'totp', ${name}, ${secret})
    returning id`.execute(tx);
  return rows[0]!.id;
};

/** Undefined: this passkey is somebody's already. */
export const addPasskey = async (
  tx: Tx,
  { staffId, name, passkey }: { staffId: string; name: string; passkey: Omit<Passkey, 'id'> },
): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    insert into factor (staff_id, kind, name, credential_id, public_key, counter, transports)
    values (${staffId}, 'passkey', ${name}, ${passkey.credentialId}, ${passkey.publicKey}, ${passkey.counter},
            ${passkey.transports}::text[])
    on conflict (credential_id) do nothing returning id`.execute(tx);
  return rows[0]?.id;
};

/** Moves a passkey's counter on; false: another use was first, or a copy of it signs (WebAuthn §6.1.1). */
export const countPasskeyUse = async (db: Database, id: string, counter: number): Promise<boolean> => {
  const { rows } = await sql`
    update factor set counter = ${counter}, used_at = clock_timestamp()
    where id = ${id} and (counter < ${counter} or (counter = 0 and ${counter} = 0)) returning 1`.execute(db);
  return rows.length > 0;
};

/** Takes a time step for a person; false: it, or a later one, was used already. */
export const takeTotpStep = async (db: Database | Tx, staffId: string, step: number): Promise<boolean> => {
  const { rows } = await sql`
    insert into totp_step (staff_id, step) values (${staffId}, ${step})
    on conflict (staff_id) do update set step = excluded.step where totp_step.step < excluded.step
    returning 1`.execute(db);
  return rows.length > 0;
};

export const noteUse = async (db: Database, id: string): Promise<void> => {
  await sql`update factor set used_at = clock_timestamp() where id = ${id}`.execute(db);
};

export const renameFactor = async (
  db: Database,
  { staffId, id, name }: { staffId: string; id: string; name: string },
): Promise<void> => {
  await sql`update factor set name = ${name} where staff_id = ${staffId} and id::text = ${id}`.execute(db);
};

export const removeFactor = async (tx: Tx, staffId: string, id: string): Promise<FactorKind | undefined> => {
  const { rows } = await sql<{ kind: FactorKind }>`
    delete from factor where staff_id = ${staffId} and id::text = ${id} returning kind`.execute(tx);
  return rows[0]?.kind;
};

export const removeAllFactors = async (tx: Tx, staffId: string): Promise<number> => {
  const { rows } = await sql`delete from factor where staff_id = ${staffId} returning 1`.execute(tx);
  return rows.length;
};
