import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** A person's password as kept. */
export interface PasswordRow {
  hash: string;
  changedAt: Date;
  mustChange: boolean;
}

export const readPassword = async (db: Database | Tx, staffId: string): Promise<PasswordRow | undefined> => {
  const { rows } = await sql<PasswordRow>`
    select hash, changed_at as "changedAt", must_change as "mustChange"
    from password where staff_id = ${staffId}`.execute(db);
  return rows[0];
};

export const writePassword = async (
  tx: Tx,
  staffId: string,
  { hash, mustChange }: { hash: string; mustChange: boolean },
): Promise<void> => {
  await sql`
    insert into password (staff_id, hash, must_change) values (${staffId}, ${hash}, ${mustChange})
    on conflict (staff_id) do update set hash = excluded.hash, must_change = excluded.must_change,
      changed_at = clock_timestamp()`.execute(tx);
};
