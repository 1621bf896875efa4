import { sql } from 'kysely';
import { type Database, often, type Tx } from '#hub/platform/database.ts';

/** A person's password as kept. */
export interface PasswordRow {
  hash: string;
  changedAt: Date;
  /** When it last opened a sign-in; at first when it was set. */
  usedAt: Date;
  mustChange: boolean;
}

export const readPassword = async (db: Database | Tx, staffId: string): Promise<PasswordRow | undefined> => {
  const { rows } = await sql<PasswordRow>`${often}
    select hash, changed_at as "changedAt", used_at as "usedAt", must_change as "mustChange"
    from password where staff_id = ${staffId}`.execute(db);
  return rows[0];
};

/** The most that the settings allow to be asked for. */
const mostEarlier = 24;

/** Gives a person a password; the one in its place becomes the newest of the earlier ones. */
export const writePassword = async (
  tx: Tx,
  staffId: string,
  { hash, mustChange }: { hash: string; mustChange: boolean },
): Promise<void> => {
  await sql`
    insert into password_history (staff_id, hash)
    select staff_id, hash from password where staff_id = ${staffId} for update`.execute(tx);
  await sql`
    insert into password (staff_id, hash, must_change) values (${staffId}, ${hash}, ${mustChange})
    on conflict (staff_id) do update set hash = excluded.hash, must_change = excluded.must_change,
      changed_at = clock_timestamp(), used_at = clock_timestamp()`.execute(tx);
  await sql`
    delete from password_history where staff_id = ${staffId} and id not in (
      select id from password_history where staff_id = ${staffId} order by id desc limit ${mostEarlier})`.execute(
    tx,
  );
};

/** Hashes of the newest earlier passwords, newest first. */
export const readEarlier = async (db: Database, staffId: string, most: number): Promise<string[]> => {
  const { rows } = await sql<{ hash: string }>`
    select hash from password_history where staff_id = ${staffId} order by id desc limit ${most}`.execute(db);
  return rows.map(row => row.hash);
};

/** The same password, hashed anew; nothing when another has come in its place meanwhile. */
export const replaceHash = async (
  db: Database,
  staffId: string,
  { from, to }: { from: string; to: string },
): Promise<void> => {
  await sql`update password set hash = ${to} where staff_id = ${staffId} and hash = ${from}`.execute(db);
};

/** Notes that a password was used. To the hour: nobody asks more closely. */
export const noteUse = async (db: Database, staffId: string): Promise<void> => {
  await sql`${often}
    update password set used_at = clock_timestamp()
    where staff_id = ${staffId} and used_at < clock_timestamp() - interval '1 hour'`.execute(db);
};
