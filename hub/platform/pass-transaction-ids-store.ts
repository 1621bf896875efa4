import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** The newest transaction id that the log, or a place in it that somebody keeps, names. */
const newest = sql`(
  select greatest(
    (select xid from event order by xid desc limit 1),
    (select max(xid) from event_reader),
    (select max(xid) from subscription),
    (select max(xid) from event_consumer),
    '0'::xid8)
)`;

/**
 * A dump that is restored into a new cluster brings events whose transaction ids that cluster has not given out yet:
 * readers would not see them, and what is written next would sort before what was read already. So at the start the
 * counter is taken past the newest of them, by transactions that do nothing (tens of thousands a second). Otherwise
 * there is nothing to do. Answers how many ids were passed.
 */
export const passTransactionIds = async (db: Database): Promise<number> => {
  const { rows } = await sql<{ target: string; behind: number }>`
    select target::text as target, (target::text::bigint - pg_snapshot_xmax(pg_current_snapshot())::text::bigint) as behind
    from (select ${newest} as target) log
  `.execute(db);
  const { target, behind } = rows[0]!;
  if (behind < 0) return 0;
  // A block that commits takes no parameters; the id is digits that PostgreSQL itself has written.
  await sql
    .raw(`do $$ begin while pg_current_xact_id() <= '${target}'::xid8 loop commit; end loop; end $$`)
    .execute(db);
  return behind + 1;
};
