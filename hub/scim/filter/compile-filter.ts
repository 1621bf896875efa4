import { comparedPart, matchText, unsupportedFilter, valueFor } from '#hub/scim/filter/match-filter.ts';
import type { Filter, FilterValue, Operator } from '#hub/scim/filter/parse-filter.ts';
import { type Place, placeOf } from '#hub/scim/filter/user-places.ts';
import { type FoundAttribute, findAttribute } from '#hub/scim/read/find-attribute.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import type { ScimAttribute } from '#schemas/scim.ts';
import { resourceSchemas } from '#schemas/scim-schemas.ts';
import type {
  AwardField,
  Condition,
  PostField,
  StaffCondition,
  StaffField,
  Test,
} from '#schemas/staff-query.ts';

/** Ids of the people whose `externalId` satisfies a comparison; without one, of all who have any. */
export type FindByExternalId = (test?: { op: Operator; value: string }) => Promise<string[]>;

type AnyCondition = StaffCondition | Condition<PostField> | Condition<AwardField>;

const never = { any: [] };
const always = { all: [] };
const isTime = /^[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** Whether a day, perhaps with a time, is one of the calendar. */
const exists = (text: string): boolean => {
  const day = text.slice(0, 10);
  const at = new Date(day);
  return (
    /^[12]\d{3}-\d{2}-\d{2}$/.test(day) &&
    !Number.isNaN(at.getTime()) &&
    at.toISOString().startsWith(day) &&
    !Number.isNaN(Date.parse(text))
  );
};

/** The value of a comparison as the register compares it. */
const operand = (attribute: ScimAttribute, place: Place, op: Operator, given: FilterValue, path: string) => {
  const value = valueFor(attribute, given);
  const ordered = op === 'gt' || op === 'ge' || op === 'lt' || op === 'le';
  const inText = op === 'co' || op === 'sw' || op === 'ew';
  const wanted =
    attribute.type === 'boolean'
      ? 'boolean'
      : attribute.type === 'integer' || attribute.type === 'decimal'
        ? 'number'
        : 'string';
  if (typeof value !== wanted) throw unsupportedFilter(`${path} ${op} ${JSON.stringify(given)}`);
  if ((wanted === 'boolean' && (ordered || inText)) || (wanted !== 'string' && inText))
    throw unsupportedFilter(`${path} ${op}`);
  if (attribute.type === 'dateTime') {
    const text = String(value);
    if (inText || !isTime.test(text) || !exists(text))
      throw unsupportedFilter(`${path} ${op} ${JSON.stringify(given)}`);
    // As it is: a `Date` would lose the microseconds that we told.
    return text;
  }
  if (place.day && !inText) {
    const day = String(value);
    if (day.length !== 10 || !exists(day)) throw unsupportedFilter(`${path} ${op} ${JSON.stringify(given)}`);
    return day;
  }
  return typeof value === 'number' ? Math.round(value * (place.scale ?? 1) * 1000) / 1000 : value!;
};

const comparison = (
  place: Place,
  attribute: ScimAttribute,
  op: Operator,
  value: string | number | boolean,
): AnyCondition => {
  const test = (of: Exclude<Operator, 'ne'>): AnyCondition => ({
    test: {
      field: place.field!,
      op: of,
      value,
      ...(attribute.caseExact ? { exact: true } : {}),
    } as Test<never>,
  });
  if (op !== 'ne') return test(op);
  // Of one value that may be absent: absence differs from everything. Within a list: some item differs.
  return place.listed
    ? ({ all: [{ present: place.field! }, { not: test('eq') }] } as AnyCondition)
    : ({ not: test('eq') } as AnyCondition);
};

/** What a comparison means, once it is known what is compared. */
const compileTest = async (
  place: Place,
  attribute: ScimAttribute,
  { op, value, path }: { op: Operator; value: FilterValue; path: string },
  { view, byExternalId }: CompileContext,
): Promise<AnyCondition> => {
  if (value === null) {
    const there = await compilePresent(place, { view, byExternalId });
    return op === 'eq' ? ({ not: there } as AnyCondition) : op === 'ne' ? there : never;
  }
  if (place.unit !== undefined) {
    if (typeof value !== 'string') throw unsupportedFilter(path);
    const ids = [...view.tree.units.keys()].filter(id => {
      return matchText(place.unit!(id, view), op, value, attribute.caseExact);
    });
    const found = { field: 'unitId' as const, in: ids };
    return op === 'ne' && !place.listed ? { any: [found, { not: { present: 'unitId' } }] } : found;
  }
  if (place.externalId) {
    if (typeof value !== 'string') throw unsupportedFilter(path);
    if (op === 'ne') return { not: { field: 'id', in: await byExternalId({ op: 'eq', value }) } };
    return { field: 'id', in: await byExternalId({ op, value }) };
  }
  const given = operand(attribute, place, op, value, path);
  if (place.constant !== undefined) {
    const holds =
      typeof place.constant === 'string'
        ? matchText(place.constant, op, given, attribute.caseExact)
        : op === 'ne'
          ? given !== place.constant
          : given === place.constant;
    if (!holds) return never;
    return place.field === undefined ? always : ({ present: place.field } as AnyCondition);
  }
  if (place.active) {
    const active: StaffCondition = { test: { field: 'status', op: 'eq', value: 'active' } };
    return (given === true) === (op === 'eq') ? active : { not: active };
  }
  return comparison(place, attribute, op, given);
};

const compilePresent = async (
  place: Place,
  { view, byExternalId }: CompileContext,
): Promise<AnyCondition> => {
  const { unit, nested } = place;
  if (place.externalId) return { field: 'id', in: await byExternalId() };
  if (place.active || (place.constant !== undefined && place.field === undefined)) return always;
  if (unit !== undefined)
    return { field: 'unitId', in: [...view.tree.units.keys()].filter(id => unit(id, view) !== undefined) };
  if (place.field === undefined) return nested === undefined ? never : always;
  return { present: place.field } as AnyCondition;
};

export interface CompileContext {
  view: ScimView;
  byExternalId: FindByExternalId;
}

/** Everything within brackets must hold of one post, one award, or the one address that there is. */
const compileWhere = async (
  found: FoundAttribute,
  where: Filter,
  context: CompileContext,
): Promise<StaffCondition> => {
  const whole = placeOf(found.path);
  if (whole === undefined || !found.attribute.multiValued || found.sub !== undefined)
    throw unsupportedFilter(found.path);
  const inner = await compile(
    where,
    context,
    path => {
      const sub = found.attribute.subAttributes?.find(
        ({ name }) => name.toLowerCase() === path.toLowerCase(),
      );
      if (sub === undefined) throw unsupportedFilter(`${found.path}.${path}`);
      return { ...found, sub, path: `${found.path}.${sub.name}` };
    },
    true,
  );
  return whole.nested === undefined
    ? { all: [{ present: whole.field as StaffField }, inner as StaffCondition] }
    : wrap(whole, inner, context.view);
};

/** A condition of one post or award as a condition of a person. Who has left belongs to no unit. */
const wrap = (place: Place, inner: AnyCondition, { scope }: ScimView): StaffCondition => {
  if (place.nested === 'award') return { award: inner as Condition<AwardField> };
  const post = inner as Condition<PostField>;
  if (!place.group) return { post };
  const seen: Condition<PostField>[] = scope === undefined ? [] : [{ field: 'unitId', in: [...scope] }];
  return {
    all: [
      { post: { all: [post, ...seen] } },
      { not: { test: { field: 'status', op: 'eq', value: 'left' } } },
    ],
  };
};

const compile = async (
  filter: Filter,
  context: CompileContext,
  resolve: (path: string) => FoundAttribute | undefined,
  inside: boolean,
): Promise<AnyCondition> => {
  const inner = (part: Filter): Promise<AnyCondition> => compile(part, context, resolve, inside);
  if ('all' in filter) return { all: await Promise.all(filter.all.map(inner)) } as AnyCondition;
  if ('any' in filter) return { any: await Promise.all(filter.any.map(inner)) } as AnyCondition;
  if ('not' in filter) return { not: await inner(filter.not) } as AnyCondition;

  const path = 'present' in filter ? filter.present : filter.path;
  const found = resolve(path);
  if (found === undefined) throw unsupportedFilter(path);
  // Looked for among what this client may see only after the name is known: it answers as an absent one.
  const hidden = findAttribute(context.view.user, found.path) === undefined;
  if ('where' in filter) {
    if (inside) throw unsupportedFilter(path);
    const compiled = await compileWhere(found, filter.where, context);
    return hidden ? never : compiled;
  }
  const attribute =
    'present' in filter ? (found.sub ?? found.attribute) : (found.sub ?? comparedPart(found.attribute, path));
  const proper =
    attribute === found.attribute || found.sub !== undefined ? found.path : `${found.path}.${attribute.name}`;
  const place = placeOf(proper);
  if (place === undefined) throw unsupportedFilter(path);
  const listed = place.listed ?? false;
  const condition =
    'present' in filter
      ? await compilePresent(place, context)
      : await compileTest(place, attribute, { ...filter, path }, context);
  if (hidden) {
    if ('present' in filter) return never;
    const absent = filter.value === null ? filter.op === 'eq' : filter.op === 'ne' && !listed;
    return absent ? always : never;
  }
  return inside || place.nested === undefined ? condition : wrap(place, condition, context.view);
};

/**
 * A filter over Users as a condition of the register. An attribute that the client is not entitled to answers as an
 * absent one: nothing can be probed.
 *
 * @throws {ScimError} `invalidFilter` for what the register cannot answer
 */
export const compileFilter = async (filter: Filter, context: CompileContext): Promise<StaffCondition> =>
  (await compile(
    filter,
    context,
    path => findAttribute(resourceSchemas.User, path),
    false,
  )) as StaffCondition;
