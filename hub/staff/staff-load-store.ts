import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { StaffState } from '#hub/staff/staff-state.ts';

/** The people with these ids, complete. */
export const loadStates = async (db: Database | Tx, ids: string[]): Promise<StaffState[]> => {
  if (ids.length === 0) return [];
  const { rows } = await sql<StaffState>`
    select s.id, s.version, s.status, s.status_from as "statusFrom", s.code,
      encode(s.citizen_hash, 'hex') as "citizenHash", s.name, s.username,
      s.birth_date as "birthDate", s.birth_year as "birthYear", s.gender, s.email, s.phone,
      coalesce((select jsonb_agg(jsonb_build_object('unitId', p.unit_id, 'title', p.title, 'main', p.main,
          'from', p.valid_from) order by p.main desc, p.recorded_at)
        from position p where p.staff_id = s.id and p.ended_at is null), '[]') as positions,
      case when s.coefficient_from is not null then jsonb_build_object('rank', s.rank, 'grade', s.grade,
        'coefficient', s.coefficient, 'from', s.coefficient_from) end as salary,
      coalesce((select jsonb_agg(jsonb_build_object('rank', t.rank, 'grade', t.grade,
          'coefficient', t.coefficient, 'from', t.valid_from) order by t.valid_from)
        from salary_step t where t.staff_id = s.id), '[]') as "salarySteps",
      coalesce((select jsonb_agg(jsonb_build_object('kind', a.kind, 'title', a.title, 'date', a.on_date,
          'year', a.on_year, 'number', a.number) order by a.on_date desc nulls last, a.on_year desc nulls last, a.title)
        from award a where a.staff_id = s.id), '[]') as decisions
    from staff s where s.id = any(${ids}::uuid[])`.execute(db);
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
