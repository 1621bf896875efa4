import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** After every fifth attempt without a success: 15 minutes, then twice as long each time, 12 hours at most. */
const atOnce = 5;
const firstWait = 15 * 60;
const longestWait = 12 * 3600;

/**
 * Counts an attempt before it is looked at, so that of many at the same moment no more than five are. `seconds` to wait; 0:
 * it may be looked at. `first`: the first that is refused in this wait.
 */
export const countAttempt = async (
  db: Database,
  staffId: string,
  kind: string,
): Promise<{ seconds: number; first: boolean }> => {
  const counted = await sql`
    insert into factor_failure as kept (staff_id, kind, attempts, free_at)
    values (${staffId}, ${kind}, 1, clock_timestamp())
    on conflict (staff_id, kind) do update set attempts = kept.attempts + 1, noted = false,
      free_at = case when (kept.attempts + 1) % ${atOnce} <> 0 then kept.free_at
        else clock_timestamp() + interval '1 second' * least(${longestWait}::float8,
          ${firstWait}::float8 * power(2, least(20, (kept.attempts + 1) / ${atOnce} - 1))) end
    where kept.free_at <= clock_timestamp()
    returning 1`.execute(db);
  if (counted.rows.length > 0) return { seconds: 0, first: false };
  const noted = await sql`
    update factor_failure set noted = true
    where staff_id = ${staffId} and kind = ${kind} and not noted and free_at > clock_timestamp()
    returning 1`.execute(db);
  const { rows } = await sql<{ seconds: number }>`
    select greatest(1, ceil(extract(epoch from free_at - clock_timestamp())))::int as seconds
    from factor_failure where staff_id = ${staffId} and kind = ${kind}`.execute(db);
  return { seconds: rows[0]?.seconds ?? 1, first: noted.rows.length > 0 };
};

/** A success: what came before is forgotten. */
export const forgetAttempts = async (db: Database | Tx, staffId: string, kind: string): Promise<void> => {
  await sql`delete from factor_failure where staff_id = ${staffId} and kind = ${kind}`.execute(db);
};

/** Answers for how many kinds there were any. */
export const forgetAllAttempts = async (db: Database | Tx, staffId: string): Promise<number> => {
  const { rows } = await sql`delete from factor_failure where staff_id = ${staffId} returning 1`.execute(db);
  return rows.length;
};
