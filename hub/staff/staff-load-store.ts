import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { StaffState } from '#hub/staff/staff-state.ts';

/** The people with these ids, complete. Each table is read once for all of them: subqueries per person cost three times as much. */
export const loadStates = async (db: Database | Tx, ids: string[]): Promise<StaffState[]> => {
  if (ids.length === 0) return [];
  const wanted = sql`any(${ids}::uuid[])`;
  const { rows } = await sql<StaffState>`
    with posts as (
      select staff_id, jsonb_agg(jsonb_build_object('unitId', unit_id, 'title', title, 'main', main,
        'from', valid_from) order by main desc, recorded_at) as list
      from position where staff_id = ${wanted} and ended_at is null group by staff_id),
    steps as (
      select staff_id, jsonb_agg(jsonb_build_object('rank', rank, 'grade', grade,
        'coefficient', coefficient, 'from', valid_from) order by valid_from) as list
      from salary_step where staff_id = ${wanted} group by staff_id),
    decisions as (
      select staff_id, jsonb_agg(jsonb_build_object('kind', kind, 'title', title, 'date', on_date,
        'year', on_year, 'number', number) order by on_date desc nulls last, on_year desc nulls last, title) as list
      from award where staff_id = ${wanted} group by staff_id)
    select s.id, s.version, s.status, s.status_from as "statusFrom", s.code,
      encode(s.citizen_hash, 'hex') as "citizenHash", s.name, s.username,
      s.birth_date as "birthDate", s.birth_year as "birthYear", s.gender, s.email, s.phone,
      coalesce(posts.list, '[]') as positions,
      case when s.coefficient_from is not null then jsonb_build_object('rank', s.rank, 'grade', s.grade,
        'coefficient', s.coefficient, 'from', s.coefficient_from) end as salary,
      coalesce(steps.list, '[]') as "salarySteps", coalesce(decisions.list, '[]') as decisions
    from staff s
    left join posts on posts.staff_id = s.id
    left join steps on steps.staff_id = s.id
    left join decisions on decisions.staff_id = s.id
    where s.id = ${wanted}`.execute(db);
  return rows;
};

export interface Holder {
  id: string;
  code: string;
  citizenHash: string | null;
  name: string;
  unitName: string | null;
}

/** Who holds these staff codes or citizen numbers now. */
export const loadHolders = async (
  tx: Database | Tx,
  codes: string[],
  hashes: string[],
): Promise<Holder[]> => {
  const { rows } = await sql<Holder>`
    select s.id, s.code, encode(s.citizen_hash, 'hex') as "citizenHash", s.name, p.name as "unitName"
    from staff s left join unit_period p on p.unit_id = s.unit_id and p.valid_to is null
    where s.id in (
      select id from staff where code = any(${codes}::text[])
      union select id from staff where citizen_hash = any(${hashes.map(hash => Buffer.from(hash, 'hex'))}::bytea[]))
  `.execute(tx);
  return rows;
};

/** Outcomes of origins that were applied before. */
export const loadApplied = async (
  tx: Database | Tx,
  origins: string[],
): Promise<{ origin: string; staffId: string; version: number; changed: string[] }[]> => {
  const { rows } = await sql<{ origin: string; staffId: string; version: number; changed: string[] }>`
    select origin, staff_id as "staffId", version, changed
    from staff_version where origin = any(${origins}::text[])`.execute(tx);
  return rows;
};

/** The highest number given so far for each user name base. */
export const loadUsernameNumbers = async (tx: Tx, bases: string[]): Promise<Map<string, number>> => {
  const { rows } = await sql<{ base: string; number: number }>`
    select base, max(number)::int as number from username where base = any(${bases}::text[]) group by base
  `.execute(tx);
  return new Map(rows.map(row => [row.base, row.number]));
};

/** Who was ever given these user names. */
export const loadUsernameHolders = async (tx: Tx, names: string[]): Promise<Map<string, string>> => {
  if (names.length === 0) return new Map();
  const { rows } = await sql<{ username: string; id: string }>`
    select username, staff_id as id from username where username = any(${names}::text[])`.execute(tx);
  return new Map(rows.map(row => [row.username, row.id]));
};

/** Of these units those that are no more, with the day on which they ended. */
export const loadEndedUnits = async (
  tx: Tx,
  ids: string[],
): Promise<Map<string, { name: string; at: string }>> => {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string; at: string | null }>`
    select distinct on (unit_id) unit_id as id, name, valid_to as at from unit_period
    where unit_id = any(${ids}::uuid[]) order by unit_id, valid_from desc`.execute(tx);
  return new Map(rows.flatMap(({ id, name, at }) => (at === null ? [] : [[id, { name, at }]])));
};

/** Codes and names of units, as they are called now. */
export const loadUnitNames = async (
  db: Database | Tx,
  ids: string[],
): Promise<Map<string, { code: string; name: string }>> => {
  const { rows } = await sql<{ id: string; code: string; name: string }>`
    select distinct on (unit_id) unit_id as id, code, name from unit_period
    where unit_id = any(${ids}::uuid[]) order by unit_id, valid_from desc`.execute(db);
  return new Map(rows.map(row => [row.id, row]));
};
