import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** Makes these the recovery codes of a person, in the place of all earlier ones. */
export const replaceRecoveryCodes = async (tx: Tx, staffId: string, hashes: Buffer[]): Promise<void> => {
  await sql`delete from recovery_code where staff_id = ${staffId}`.execute(tx);
  await sql`
    insert into recovery_code (staff_id, code_hash)
    select ${staffId}, hash from unnest(${hashes}::bytea[]) hash`.execute(tx);
};

/** Uses a code up; false: it is none of the person's, or was used before. */
export const takeRecoveryCode = async (db: Database, staffId: string, hash: Buffer): Promise<boolean> => {
  const { rows } = await sql`
    update recovery_code set used_at = clock_timestamp()
    where staff_id = ${staffId} and code_hash = ${hash} and used_at is null returning 1`.execute(db);
  return rows.length > 0;
};

export const countRecoveryCodes = async (db: Database | Tx, staffId: string): Promise<number> => {
  const { rows } = await sql<{ left: number }>`
    select count(*)::int as left from recovery_code where staff_id = ${staffId} and used_at is null`.execute(
    db,
  );
  return rows[0]!.left;
};
