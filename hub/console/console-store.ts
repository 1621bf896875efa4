import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** The last changes of people with what each app answered last since, newest first. Of a staff code only the end. */
export const lastChanges = async (db: Database, limit: number) => {
  const { rows } = await sql<{
    at: Date;
    type: string;
    code: string;
    source: string;
    apps: { app: string; outcome: string; error: string | null }[];
  }>`
    select e.at, e.type, '…' || right(e.data->'staff'->>'code', 3) as code, e.source,
      coalesce((select jsonb_agg(jsonb_build_object('app', app, 'outcome', outcome, 'error', error_code) order by app)
        from (select distinct on (x.app) x.app, x.outcome, x.error_code from exchange x
          where x.staff_id = (e.data->>'staffId')::uuid and x.at >= e.at
          order by x.app, x.at desc) last), '[]') as apps
    from (select * from event where subject like 'staff/%' order by xid desc, position desc limit ${limit}) e
  `.execute(db);
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
};
