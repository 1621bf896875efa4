import { sql } from 'kysely';
import { type Database, often } from '#hub/platform/database.ts';
import type { StaffAccount } from '#schemas/staff.ts';

/** One person by id or by user name, as far as a sign-in needs them: one statement over three indexes. */
export const readAccount = async (
  db: Database,
  by: { id: string } | { username: string },
): Promise<StaffAccount | undefined> => {
  const wanted = 'id' in by ? sql`s.id = ${by.id}::uuid` : sql`s.username = ${by.username}`;
  const { rows } = await sql<{ account: StaffAccount }>`${often}
    select jsonb_strip_nulls(jsonb_build_object('id', s.id, 'status', s.status, 'code', s.code, 'name', s.name,
      'username', s.username, 'email', s.email, 'title', s.title,
      'unitId', s.unit_id, 'unitCode', p.code, 'unitName', p.name, 'units', (
        select coalesce(jsonb_agg(u), '[]') from (
          select s.unit_id union select unit_id from position where staff_id = s.id and ended_at is null) of(u)
        where u is not null))) as account
    from staff s left join lateral (
      select code, name from unit_period where unit_id = s.unit_id order by valid_from desc limit 1) p on true
    where ${wanted}`.execute(db);
  return rows[0]?.account;
};
