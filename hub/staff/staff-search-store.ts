import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { StaffCandidate, StaffVersion } from '#schemas/staff.ts';

export interface CandidateKey {
  nr: number;
  citizen_hash: string | null;
  code: string | null;
  folded: string;
  birth_date: string | null;
  birth_year: number | null;
}

/** Everybody who shares the citizen number, the code, or the folded name together with the birth date or year. */
export const findCandidates = async (
  db: Database,
  keys: CandidateKey[],
): Promise<
  (Omit<StaffCandidate, 'matchedBy'> & { nr: number; matchedBy: StaffCandidate['matchedBy'] })[]
> => {
  const given = sql`jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(
    nr int, citizen_hash text, code text, folded text, birth_date date, birth_year int)`;
  const { rows } = await sql<
    Omit<StaffCandidate, 'matchedBy'> & { nr: number; matchedBy: StaffCandidate['matchedBy'] }
  >`
    with hit as (
      select k.nr, s.id, 'citizenNumber' as by from ${given}
        join staff s on s.citizen_hash = decode(k.citizen_hash, 'hex')
      union all
      select k.nr, s.id, 'code' from ${given} join staff s on s.code = k.code
      union all
      select k.nr, s.id, 'nameAndBirth' from ${given} join staff s on s.folded = k.folded
        and (s.birth_date = k.birth_date
          or coalesce(s.birth_year, extract(year from s.birth_date)::int)
             = coalesce(k.birth_year, extract(year from k.birth_date)::int)
             and (s.birth_date is null or k.birth_date is null)))
    select hit.nr, s.id as "staffId", s.code, s.name, s.folded, s.birth_date as "birthDate",
      s.birth_year as "birthYear", s.unit_id as "unitId", p.name as "unitName", s.status,
      s.citizen_hash is not null as "hasCitizenNumber", array_agg(distinct hit.by) as "matchedBy"
    from hit join staff s on s.id = hit.id
    left join unit_period p on p.unit_id = s.unit_id and p.valid_to is null
    group by hit.nr, s.id, p.name`.execute(db);
  return rows;
};

export const readHistory = async (db: Database, id: string): Promise<StaffVersion[]> => {
  const { rows } = await sql<StaffVersion>`
    select version, ${isoTime('at')} as at, actor, source, origin, changed, snapshot
    from staff_version where staff_id::text = ${id} order by version desc`.execute(db);
  return rows;
};

export const countStaff = async (db: Database): Promise<{ total: number; active: number }> => {
  const { rows } = await sql<{ total: number; active: number }>`
    select count(*)::int as total, count(*) filter (where status = 'active')::int as active from staff`.execute(
    db,
  );
  return rows[0]!;
};

export const countByUnit = async (db: Database): Promise<Record<string, number>> => {
  const { rows } = await sql<{ id: string; count: number }>`
    select unit_id as id, count(*)::int as count from staff
    where status = 'active' and unit_id is not null group by unit_id`.execute(db);
  return Object.fromEntries(rows.map(row => [row.id, row.count]));
};

/** The length that at least nine of ten staff codes have. */
export const readCodeWidth = async (db: Database): Promise<number | undefined> => {
  const { rows } = await sql<{ width: number; share: number }>`
    select length(code) as width, count(*)::float / sum(count(*)) over () as share
    from (select code from staff limit 5000) s group by length(code) order by 2 desc limit 1`.execute(db);
  return rows[0] !== undefined && rows[0].share >= 0.9 ? rows[0].width : undefined;
};
