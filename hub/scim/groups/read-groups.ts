import { matchResource } from '#hub/scim/filter/match-filter.ts';
import { parseFilter } from '#hub/scim/filter/parse-filter.ts';
import { peopleInFilter } from '#hub/scim/groups/members-in-filter.ts';
import { showGroup } from '#hub/scim/groups/show-group.ts';
import { findAttribute } from '#hub/scim/read/find-attribute.ts';
import { type ScimView, seesUnit } from '#hub/scim/read/open-view.ts';
import { readCursor, toListResponse } from '#hub/scim/read/page.ts';
import { isAskedFor, project } from '#hub/scim/read/project.ts';
import type { Question, Wanted } from '#hub/scim/read/read-question.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import type { ScimDeps } from '#hub/scim/users/read-users.ts';
import type { ScimObject } from '#schemas/scim.ts';
import { resourceSchemas } from '#schemas/scim-schemas.ts';
import type { StaffCondition } from '#schemas/staff-query.ts';
import type { Unit } from '#schemas/unit.ts';

const vietnamese = new Intl.Collator('vi');
const batch = 1000;

/** Who holds a post in a unit and has not left, with the units right below it. */
const readMembers = async ({ call }: ScimDeps, view: ScimView, unit: Unit): Promise<ScimObject[]> => {
  const where: StaffCondition = {
    all: [
      { post: { test: { field: 'unitId', op: 'eq', value: unit.id } } },
      { not: { test: { field: 'status', op: 'eq', value: 'left' } } },
    ],
  };
  const people: ScimObject[] = [];
  const named = view.names === undefined || view.names.has('name');
  for (let after: string[] | undefined; ; ) {
    const { items, next } = await call('staff.find', {
      where,
      limit: batch,
      total: false,
      ...(after === undefined ? {} : { after }),
    });
    for (const { staff } of items)
      people.push({
        value: staff.id,
        $ref: `${view.base}/Users/${staff.id}`,
        type: 'User',
        ...(named ? { display: staff.name } : {}),
      });
    if (next === undefined) break;
    after = next;
  }
  const units = view.tree
    .childrenOf(unit.id)
    .filter(({ id }) => seesUnit(view, id))
    .map(({ id, name }) => ({
      value: id,
      $ref: `${view.base}/Groups/${id}`,
      type: 'Group',
      display: name,
    }));
  return [...people, ...units];
};

/** Groups as the client sees them, with members where they are wanted. */
const show = async (
  deps: ScimDeps,
  view: ScimView,
  units: Unit[],
  withMembers: boolean,
): Promise<ScimObject[]> => {
  const seesMembers = findAttribute(view.group, 'members') !== undefined;
  const marks = seesMembers
    ? await deps.call('staff.unit-members', { unitIds: units.map(({ id }) => id) })
    : {};
  return Promise.all(
    units.map(async unit =>
      showGroup(unit, view, {
        mark: marks[unit.id]?.mark ?? '',
        members: withMembers && seesMembers ? await readMembers(deps, view, unit) : undefined,
      }),
    ),
  );
};

const seenUnits = (view: ScimView): Unit[] =>
  [...view.tree.units.values()].filter(({ id }) => seesUnit(view, id));

type Order = (unit: Unit) => string;
const orders: Record<string, Order> = {
  id: ({ id }) => id,
  displayName: ({ name }) => name,
};

/** A page of Groups: the units in force that the client may see. @throws {ScimError} */
export const listGroups = async (deps: ScimDeps, view: ScimView, question: Question): Promise<ScimObject> => {
  const { sortBy, descending, offset, count } = question;
  const after = readCursor(question);
  const order = orders[findAttribute(resourceSchemas.Group, sortBy ?? 'id')?.path ?? ''];
  if (order === undefined) throw new ScimError('sort-unsupported', { path: sortBy ?? '' });
  const compare = (a: readonly [string, string], b: readonly [string, string]): number =>
    (vietnamese.compare(a[0], b[0]) || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0)) * (descending ? -1 : 1);
  const keyOf = (unit: Unit): [string, string] => [order(unit), unit.id];

  let units = seenUnits(view);
  if (question.filter !== undefined) {
    const filter = parseFilter(question.filter);
    const membersOf = await peopleInFilter(deps, view, filter);
    units = units.filter(unit => {
      const group = showGroup(unit, view, { mark: '', members: membersOf(unit.id) });
      return matchResource(filter, group, resourceSchemas.Group);
    });
  }
  units.sort((a, b) => compare(keyOf(a), keyOf(b)));
  const total = units.length;
  if (after !== undefined) {
    if (after.length !== 2) throw new ScimError('cursor-wrong');
    units = units.filter(unit => compare(keyOf(unit), after as [string, string]) > 0);
  }
  const from = question.cursor === undefined ? offset : 0;
  const page = units.slice(from, from + count);
  const withMembers = isAskedFor('members', question, view.group);
  const last = page.at(-1);
  return toListResponse(question, {
    items: (await show(deps, view, page, withMembers)).map(group => project(group, question, view.group)),
    total,
    ...(last !== undefined && units.length > from + count ? { next: keyOf(last) } : {}),
  });
};

/** One unit. Its members come unless they are left out. @throws {ScimError} 404 */
export const readGroup = async (
  deps: ScimDeps,
  view: ScimView,
  id: string,
  wanted: Wanted,
): Promise<ScimObject> => {
  const unit = view.tree.units.get(id.toLowerCase());
  if (unit === undefined || !seesUnit(view, unit.id)) throw new ScimError('unknown-resource', { id });
  const left = wanted.excluded.some(name => findAttribute(view.group, name)?.path === 'members');
  const asked = wanted.attributes === undefined || isAskedFor('members', wanted, view.group);
  const [group] = await show(deps, view, [unit], asked && !left);
  return group!;
};
