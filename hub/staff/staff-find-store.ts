import { type RawBuilder, sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { StaffOrder } from '#schemas/staff-query.ts';

type Sql = RawBuilder<unknown>;

const vietnamese = (of: Sql): Sql => sql`${of} collate "vi-x-icu"`;
/** As in the index `staff_by_family`. */
const family = sql`(case when s.name like '% %' then split_part(s.name, ' ', 1) else U&'\\FFFF' end)`;
const name = { of: vietnamese(sql`s.name`), as: sql`s.name`, cast: vietnamese };
const id = { of: sql`s.id`, as: sql`s.id::text`, cast: (value: Sql) => sql`${value}::uuid` };
const iso = (at: Sql): Sql => sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** What each order sorts by, how a place is told and read. Each has an index, but for `name`. */
const orders: Record<StaffOrder, { of: Sql; as: Sql; cast: (value: Sql) => Sql }[]> = {
  joined: [{ of: sql`s.ordinal`, as: sql`s.ordinal::text`, cast: value => sql`${value}::bigint` }],
  id: [id],
  username: [{ of: sql`s.username`, as: sql`s.username`, cast: value => value }],
  name: [name, id],
  familyName: [{ of: vietnamese(family), as: family, cast: vietnamese }, name, id],
  givenName: [{ of: vietnamese(sql`s.given_name`), as: sql`s.given_name`, cast: vietnamese }, name, id],
  updatedAt: [
    {
      of: sql`s.updated_at`,
      as: iso(sql`s.updated_at`),
      cast: value => sql`${value}::timestamptz`,
    },
    id,
  ],
};

export interface PageKeys {
  order: StaffOrder;
  descending: boolean;
  offset: number;
  after: string[] | undefined;
  limit: number;
}

export interface FoundRow {
  id: string;
  createdAt: string;
  updatedAt: string;
  /** Where the page would go on after this one. */
  place: string[];
}

/** One page. Those before it are passed over by their place alone: of each PostgreSQL would work out every column. */
export const findPeople = async (db: Database, where: Sql, keys: PageKeys): Promise<FoundRow[]> => {
  const order = orders[keys.order];
  const direction = keys.descending ? sql`desc` : sql`asc`;
  const after =
    keys.after === undefined
      ? sql``
      : sql`and (${sql.join(order.map(({ of }) => of))}) ${keys.descending ? sql`<` : sql`>`}
          (${sql.join(order.map(({ cast }, at) => cast(sql`${keys.after![at]}::text`)))})`;
  const found = sql`${where} ${after}`;
  const sorted = sql`order by ${sql.join(order.map(({ of }) => sql`${of} ${direction}`))}`;
  const page =
    keys.offset === 0
      ? found
      : sql`s.ordinal in (select s.ordinal from staff s where ${found} ${sorted}
          limit ${keys.limit} offset ${keys.offset})`;
  const { rows } = await sql<FoundRow>`
    select s.id, array[${sql.join(order.map(({ as }) => as))}]::text[] as place,
      ${iso(sql`s.created_at`)} as "createdAt", ${iso(sql`s.updated_at`)} as "updatedAt"
    from staff s where ${page} ${sorted} limit ${keys.limit}`.execute(db);
  return rows;
};

export const countFound = async (db: Database, where: Sql): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from staff s where ${where}`.execute(db);
  return rows[0]!.n;
};

/** Members of units: in number, and by a mark that changes when one comes, goes or is renamed. */
export const readUnitMembers = async (
  db: Database,
  unitIds: string[],
): Promise<Record<string, { count: number; mark: string }>> => {
  const { rows } = await sql<{ id: string; count: number; mark: string }>`
    select unit_id as id, count(*)::int as count, to_hex(bit_xor(hashtextextended(id || name, 0))) as mark
    from (
      select distinct p.unit_id, s.id::text as id, s.name
      from position p join staff s on s.id = p.staff_id
      where p.unit_id = any(${unitIds}::uuid[]) and p.ended_at is null and s.status <> 'left') m
    group by unit_id`.execute(db);
  return Object.fromEntries(rows.map(({ id, ...members }) => [id, members]));
};

/** Units with all that lie below them, or did when they ended: people stay in a merged unit until the HR source moves them. */
export const readUnitsBelow = async (db: Database, unitIds: string[]): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    with recursive latest as (
      select distinct on (unit_id) unit_id, parent_id from unit_period order by unit_id, valid_from desc),
    below as (
      select unnest(${unitIds}::uuid[]) as id
      union select l.unit_id from latest l join below b on l.parent_id = b.id)
    select id::text from below`.execute(db);
  return rows.map(({ id }) => id);
};
