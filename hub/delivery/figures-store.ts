import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

export interface SubscriptionFigures {
  id: string;
  app: string;
  state: string;
  /** Age in seconds of the first event that is not dealt with. */
  lag: number;
  waiting: number;
  dead: number;
}

export const readFigures = async (db: Database): Promise<SubscriptionFigures[]> => {
  const { rows } = await sql<SubscriptionFigures>`
    select s.id, s.app, s.state,
      coalesce(extract(epoch from clock_timestamp() - (
        select e.at from event e
        where e.xid < pg_snapshot_xmin(pg_current_snapshot()) and (e.xid, e.position) > (s.xid, s.position)
        order by e.xid, e.position limit 1)), 0)::float8 as lag,
      count(p.*) filter (where p.state = 'waiting')::int as waiting,
      count(p.*) filter (where p.state = 'dead')::int as dead
    from subscription s left join delivery_parked p on p.subscription_id = s.id
    group by s.id
  `.execute(db);
  return rows;
};
