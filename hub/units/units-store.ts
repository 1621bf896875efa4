import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { Unit } from '#schemas/unit.ts';

const columns = sql`
  p.unit_id as id, u.version, p.code, p.name, p.level, p.parent_id as "parentId",
  p.code_2016 as "code2016", p.code_2020 as "code2020", p.codes_synthetic as "codesSynthetic",
  p.valid_from as "validFrom", p.valid_to as "validTo",
  (select array_agg(s.successor_id) from unit_successor s where s.unit_id = p.unit_id) as "successorIds"`;

/** Absent rather than null: the answer's schema knows no null. */
const tidy = (rows: Unit[]): Unit[] =>
  rows.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Unit);

const inForce = (at: string | undefined) =>
  at === undefined
    ? sql`p.valid_to is null`
    : sql`p.valid_from <= ${at}::date and (p.valid_to is null or p.valid_to > ${at}::date)`;

export const listUnits = async (
  db: Database | Tx,
  { at, parentId, q }: { at?: string; parentId?: string; q?: string },
): Promise<Unit[]> => {
  const below = parentId === undefined ? sql`` : sql`and p.parent_id = ${parentId}::uuid`;
  const found =
    q === undefined
      ? sql``
      : sql`and (strpos(p.folded, ${fold(q)}) > 0 or exists (select from unnest(array[p.code, p.code_2016, p.code_2020]) code
          where starts_with(lower(code), ${q.trim().toLowerCase()})))`;
  const { rows } = await sql<Unit>`
    select ${columns} from unit_period p join unit u on u.id = p.unit_id
    where ${inForce(at)} ${below} ${found} order by p.code`.execute(db);
  return tidy(rows);
};

/** The period in force, or the last one of a closed unit. */
export const findUnit = async (db: Database | Tx, id: string): Promise<Unit | undefined> => {
  const { rows } = await sql<Unit>`
    select ${columns} from unit_period p join unit u on u.id = p.unit_id
    where p.unit_id::text = ${id} order by p.valid_from desc limit 1`.execute(db);
  return tidy(rows)[0];
};

export const unitPeriods = async (db: Database | Tx, id: string): Promise<Unit[]> => {
  const { rows } = await sql<Unit>`
    select ${columns} from unit_period p join unit u on u.id = p.unit_id
    where p.unit_id::text = ${id} order by p.valid_from`.execute(db);
  return tidy(rows);
};

/** Every period of every unit, newest first: what names may mean. */
export const allPeriods = async (db: Database | Tx): Promise<Unit[]> => {
  const { rows } = await sql<Unit>`
    select ${columns} from unit_period p join unit u on u.id = p.unit_id
    order by p.valid_from desc`.execute(db);
  return tidy(rows);
};

/** Every unit, also those that are no more, each in its last period. */
export const latestUnits = async (db: Database | Tx): Promise<Unit[]> => {
  const { rows } = await sql<Unit>`
    select distinct on (p.unit_id) ${columns} from unit_period p join unit u on u.id = p.unit_id
    order by p.unit_id, p.valid_from desc`.execute(db);
  return tidy(rows);
};

/** Of these codes those that only units bear that are no more, with the day on which the last of them ended. */
export const endedCodes = async (tx: Tx, codes: string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ code: string; at: string }>`
    select code, max(valid_to) as at from unit_period p
    where code = any(${codes}::text[]) and not exists (
      select from unit_period o where o.code = p.code and o.valid_to is null)
    group by code`.execute(tx);
  return new Map(rows.map(({ code, at }) => [code, at]));
};

export interface PeriodRow {
  unit_id: string;
  valid_from: string;
  code: string;
  name: string;
  folded: string;
  level: string;
  parent_id: string | null;
  code_2016: string | null;
  code_2020: string | null;
  codes_synthetic: boolean;
}

export const insertUnits = async (tx: Tx, ids: string[]): Promise<void> => {
  await sql`insert into unit (id) select unnest(${ids}::uuid[])`.execute(tx);
};

export const insertPeriods = async (tx: Tx, rows: PeriodRow[]): Promise<void> => {
  await sql`
    insert into unit_period (unit_id, valid_from, code, name, folded, level, parent_id, code_2016, code_2020, codes_synthetic)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
      unit_id uuid, valid_from date, code text, name text, folded text, level text, parent_id uuid,
      code_2016 text, code_2020 text, codes_synthetic boolean)
    on conflict (unit_id, valid_from) do update set code = excluded.code, name = excluded.name,
      folded = excluded.folded, level = excluded.level, parent_id = excluded.parent_id,
      code_2016 = excluded.code_2016, code_2020 = excluded.code_2020, codes_synthetic = excluded.codes_synthetic
  `.execute(tx);
};

export const closePeriods = async (tx: Tx, ids: string[], at: string): Promise<void> => {
  await sql`update unit_period set valid_to = ${at}::date
    where unit_id = any(${ids}::uuid[]) and valid_to is null and valid_from < ${at}::date`.execute(tx);
};

export const insertSuccessors = async (
  tx: Tx,
  ids: string[],
  successorId: string,
  at: string,
): Promise<void> => {
  await sql`insert into unit_successor (unit_id, successor_id, at)
    select unnest(${ids}::uuid[]), ${successorId}::uuid, ${at}::date on conflict do nothing`.execute(tx);
};

/** Counts the units' versions up by one; answers the new ones. */
export const bumpVersions = async (tx: Tx, ids: string[]): Promise<Map<string, number>> => {
  const { rows } = await sql<{ id: string; version: number }>`
    update unit set version = version + 1 where id = any(${ids}::uuid[]) returning id, version`.execute(tx);
  return new Map(rows.map(row => [row.id, row.version]));
};
