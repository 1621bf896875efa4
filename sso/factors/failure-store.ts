import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** After every fifth attempt without a success: 15 minutes, then twice as long each time, 12 hours at most. */
const atOnce = 5;
const firstWait = 15 * 60;
const longestWait = 12 * 3600;

/**
 * Counts an attempt before it is looked at, so that of many at the same moment no more than five are. Answers the seconds
 * to wait; 0: it may be looked at.
 */
export const countAttempt = async (db: Database, staffId: string, kind: string): Promise<number> => {
  const counted = await sql`
    insert into factor_failure as kept (staff_id, kind, attempts, free_at)
    values (${staffId}, ${kind}, 1, clock_timestamp())
    on conflict (staff_id, kind) do update set attempts = kept.attempts + 1,
      free_at = case when (kept.attempts + 1) % ${atOnce} <> 0 then kept.free_at
        else clock_timestamp() + interval '1 second' * least(${longestWait}::float8,
          ${firstWait}::float8 * power(2, least(20, (kept.attempts + 1) / ${atOnce} - 1))) end
    where kept.free_at <= clock_timestamp()
    returning 1`.execute(db);
  if (counted.rows.length > 0) return 0;
  const { rows } = await sql<{ seconds: number }>`
    select greatest(1, ceil(extract(epoch from free_at - clock_timestamp())))::int as seconds
    from factor_failure where staff_id = ${staffId} and kind = ${kind}`.execute(db);
  return rows[0]?.seconds ?? 1;
};

/** A success: what came before is forgotten. */
export const forgetAttempts = async (db: Database | Tx, staffId: string, kind: string): Promise<void> => {
  await sql`delete from factor_failure where staff_id = ${staffId} and kind = ${kind}`.execute(db);
};

export const forgetAllAttempts = async (tx: Tx, staffId: string): Promise<void> => {
  await sql`delete from factor_failure where staff_id = ${staffId}`.execute(tx);
};
