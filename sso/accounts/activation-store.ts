import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** Keeps a code for a person; an earlier one is good no more. */
export const keepActivation = async (
  tx: Tx,
  { staffId, codeHash, madeBy, hours }: { staffId: string; codeHash: Buffer; madeBy: string; hours: number },
): Promise<Date> => {
  const { rows } = await sql<{ expiresAt: Date }>`
    insert into activation (staff_id, code_hash, made_by, expires_at)
    values (${staffId}, ${codeHash}, ${madeBy}, clock_timestamp() + ${hours} * interval '1 hour')
    on conflict (staff_id) do update set code_hash = excluded.code_hash, made_by = excluded.made_by,
      made_at = excluded.made_at, expires_at = excluded.expires_at, used_at = null
    returning expires_at as "expiresAt"`.execute(tx);
  return rows[0]!.expiresAt;
};

/** Whether this code would be good now. */
export const isGood = async (db: Database, staffId: string, codeHash: Buffer): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from activation where staff_id = ${staffId} and code_hash = ${codeHash}
      and used_at is null and expires_at > clock_timestamp()`.execute(db);
  return rows.length > 0;
};

/** Uses the code up; of those who try at once one is told that it was good. */
export const consumeActivation = async (tx: Tx, staffId: string, codeHash: Buffer): Promise<boolean> => {
  const { rows } = await sql`
    update activation set used_at = clock_timestamp()
    where staff_id = ${staffId} and code_hash = ${codeHash}
      and used_at is null and expires_at > clock_timestamp()
    returning 1`.execute(tx);
  return rows.length > 0;
};

/** Removes a code made until then that nobody has used. */
export const dropActivation = async (tx: Tx, staffId: string, until: Date): Promise<void> => {
  await sql`
    delete from activation where staff_id = ${staffId} and used_at is null and made_at <= ${until}`.execute(
    tx,
  );
};
