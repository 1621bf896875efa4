import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** The last changes of people with what each app answered since, newest first. Of a staff code only the end. */
export const lastChanges = async (db: Database, limit: number) => {
  const { rows } = await sql<{
    at: string;
    type: string;
    code: string;
    source: string;
    apps: { app: string; outcome: string }[];
  }>`
    select e.at::text as at, e.type, '…' || right(e.data->'staff'->>'code', 3) as code, e.source,
      coalesce((select jsonb_agg(distinct jsonb_build_object('app', x.app, 'outcome', x.outcome))
        from exchange x where x.staff_id = (e.data->>'staffId')::uuid and x.at >= e.at
          and x.at < e.at + interval '10 minutes'), '[]') as apps
    from (select * from event where subject like 'staff/%' order by xid desc, position desc limit ${limit}) e
  `.execute(db);
  return rows;
};
