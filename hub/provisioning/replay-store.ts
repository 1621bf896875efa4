import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** Puts stopped tasks back to work from the beginning; held ones pass the disable guard once. Many are bulk work. */
export const replayTasks = async (
  db: Database | Tx,
  filter: { state?: 'dead' | 'held'; app?: string; staffId?: string; code?: string },
): Promise<number> => {
  const state =
    filter.state === undefined ? sql`state in ('dead', 'held')` : sql`state = ${sql.lit(filter.state)}`;
  const result = await sql`
    with chosen as materialized (
      select app, staff_id from provisioning_task
      where ${state} and state in ('dead', 'held')
        ${filter.app === undefined ? sql`` : sql`and app = ${filter.app}`}
        ${filter.staffId === undefined ? sql`` : sql`and staff_id = ${filter.staffId}::uuid`}
        ${filter.code === undefined ? sql`` : sql`and error_code = ${filter.code}`}
      order by app, staff_id for update)
    update provisioning_task t set
      generation = t.generation + 1, confirmed = t.confirmed or t.state = 'held',
      state = 'ready', priority = ${filter.staffId === undefined ? 1 : 0}, attempts = 0, due_at = now(), changed_at = clock_timestamp()
    from chosen c where t.app = c.app and t.staff_id = c.staff_id
  `.execute(db);
  return Number(result.numAffectedRows ?? 0);
};
