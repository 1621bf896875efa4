import { type RawBuilder, sql } from 'kysely';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import type {
  AwardField,
  Condition,
  PostField,
  StaffCondition,
  StaffField,
  Test,
} from '#schemas/staff-query.ts';

type Sql = RawBuilder<unknown>;

/** How one attribute is compared: `plain` texts hold neither case nor accents, so that their index serves. */
interface Column {
  of: Sql;
  kind: 'text' | 'plain' | 'uuid' | 'day' | 'time' | 'number' | 'boolean';
  required?: true;
}

const family = sql`case when s.name like '% %' then split_part(s.name, ' ', 1) end`;
const middle = sql`nullif(substr(s.name, length(split_part(s.name, ' ', 1)) + 2,
  length(s.name) - length(split_part(s.name, ' ', 1)) - length(s.given_name) - 2), '')`;

const staffColumns: Record<StaffField, Column> = {
  id: { of: sql`s.id`, kind: 'uuid', required: true },
  username: { of: sql`s.username`, kind: 'plain', required: true },
  name: { of: sql`s.name`, kind: 'text', required: true },
  folded: { of: sql`s.folded`, kind: 'plain', required: true },
  familyName: { of: family, kind: 'text' },
  middleName: { of: sql`case when s.name like '% % %' then ${middle} end`, kind: 'text' },
  givenName: { of: sql`s.given_name`, kind: 'text', required: true },
  title: { of: sql`nullif(s.title, '')`, kind: 'text' },
  email: { of: sql`lower(s.email)`, kind: 'plain' },
  phone: { of: sql`s.phone`, kind: 'text' },
  code: { of: sql`lower(s.code)`, kind: 'plain', required: true },
  unitId: { of: sql`s.unit_id`, kind: 'uuid' },
  status: { of: sql`s.status`, kind: 'plain', required: true },
  rank: { of: sql`s.rank`, kind: 'text' },
  grade: { of: sql`s.grade`, kind: 'number' },
  coefficient: { of: sql`s.coefficient`, kind: 'number' },
  coefficientFrom: { of: sql`s.coefficient_from`, kind: 'day' },
  createdAt: { of: sql`s.created_at`, kind: 'time', required: true },
  updatedAt: { of: sql`s.updated_at`, kind: 'time', required: true },
};
const postColumns: Record<PostField, Column> = {
  unitId: { of: sql`p.unit_id`, kind: 'uuid', required: true },
  title: { of: sql`nullif(p.title, '')`, kind: 'text' },
  main: { of: sql`p.main`, kind: 'boolean', required: true },
  from: { of: sql`p.valid_from`, kind: 'day' },
};
const awardColumns: Record<AwardField, Column> = {
  title: { of: sql`a.title`, kind: 'text', required: true },
  date: { of: sql`a.on_date`, kind: 'day' },
  year: { of: sql`a.on_year`, kind: 'number' },
  number: { of: sql`a.number`, kind: 'text' },
};

const orders = { eq: sql`=`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` };
const casts = { uuid: sql`::uuid`, day: sql`::date`, time: sql`::timestamptz`, number: sql`::numeric` };
const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const pattern = (op: 'co' | 'sw' | 'ew', text: string): string => {
  const literal = text.replaceAll(/[\\%_]/g, '\\$&');
  return `${op === 'sw' ? '' : '%'}${literal}${op === 'ew' ? '' : '%'}`;
};

const compareText = (of: Sql, { op, value, exact }: Test<string>): Sql => {
  const text = String(value).normalize('NFC');
  const lower = (side: Sql): Sql => (exact ? side : sql`lower(${side} collate "vi-x-icu")`);
  if (op === 'co' || op === 'sw' || op === 'ew')
    return sql`${lower(of)} like ${lower(sql`${pattern(op, text)}::text`)}`;
  const order = op === 'eq' ? sql`` : sql`collate "vi-x-icu"`;
  return sql`${lower(of)} ${order} ${orders[op]} ${lower(sql`${text}::text`)} ${order}`;
};

const comparePlain = (of: Sql, { op, value, exact }: Test<string>, raw: Sql): Sql => {
  const text = String(value).toLowerCase();
  const found =
    op === 'co' || op === 'sw' || op === 'ew'
      ? sql`${of} like ${pattern(op, text)}`
      : sql`${of} ${orders[op]} ${text}`;
  // The index finds it without regard to case; what is left is compared as it was written.
  return exact ? sql`(${found} and ${compareText(raw, { field: '', op, value, exact })})` : found;
};

/** The folded form is found by its own index: a cheap sieve before the exact comparison. */
const sieve = ({ op, value }: Test<string>): Sql => {
  const folded = fold(String(value));
  if (op === 'eq') return sql`s.folded = ${folded} and`;
  return op === 'co' || op === 'sw' || op === 'ew' ? sql`s.folded like ${pattern('co', folded)} and` : sql``;
};

const compare = ({ of, kind, required }: Column, test: Test<string>): Sql => {
  // Two-valued, so that `not` means what it says.
  const present = required ? sql`` : sql`and ${of} is not null`;
  if (kind === 'plain')
    return sql`(${comparePlain(of, test, test.field === 'code' ? sql`s.code` : of)} ${present})`;
  if (kind === 'text')
    return sql`(${test.field === 'name' ? sieve(test) : sql``} ${compareText(of, test)} ${present})`;
  if (kind === 'boolean') return sql`(${of} = ${test.value === true})`;
  if (test.op === 'co' || test.op === 'sw' || test.op === 'ew')
    return sql`(${of}::text like ${pattern(test.op, String(test.value).toLowerCase())} ${present})`;
  if (kind === 'uuid' && !isUuid.test(String(test.value))) return sql`false`;
  return sql`(${of} ${orders[test.op]} ${String(test.value)}${casts[kind]} ${present})`;
};

const compile = <Field extends string>(
  condition: Condition<Field>,
  columns: Record<Field, Column>,
  nested: (condition: object) => Sql = () => sql`false`,
): Sql => {
  const inner = (part: Condition<Field>): Sql => compile(part, columns, nested);
  if ('all' in condition)
    return condition.all.length === 0 ? sql`true` : sql`(${sql.join(condition.all.map(inner), sql` and `)})`;
  if ('any' in condition)
    return condition.any.length === 0 ? sql`false` : sql`(${sql.join(condition.any.map(inner), sql` or `)})`;
  if ('not' in condition) return sql`(not ${inner(condition.not)})`;
  if ('present' in condition) return sql`(${columns[condition.present].of} is not null)`;
  if ('test' in condition) return compare(columns[condition.test.field], condition.test);
  if ('in' in condition) {
    const { of, kind } = columns[condition.field];
    const list = kind === 'uuid' ? sql`::uuid[]` : sql`::text[]`;
    return sql`(${of} = any(${condition.in}${list}) and ${of} is not null)`;
  }
  return nested(condition);
};

/** Of one post or award of the person: those of people who have left count for nothing. */
const compileNested = (condition: object): Sql => {
  if ('post' in condition)
    return sql`exists (select from position p where p.staff_id = s.id and p.ended_at is null
      and ${compile(condition.post as Condition<PostField>, postColumns)})`;
  if ('award' in condition)
    return sql`exists (select from award a where a.staff_id = s.id and a.kind = 'award'
      and ${compile(condition.award as Condition<AwardField>, awardColumns)})`;
  return sql`false`;
};

/** A condition over `staff s`: columns from a fixed list, every value bound, true or false and never null. */
export const compileCondition = (condition: StaffCondition): Sql =>
  compile(condition as Condition<StaffField>, staffColumns, compileNested);
