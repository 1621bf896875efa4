import type { PartContext } from '#hub/platform/part.ts';
import { holdsPostIn } from '#hub/platform/unit-scope.ts';
import { compileFilter } from '#hub/scim/filter/compile-filter.ts';
import { parseFilter } from '#hub/scim/filter/parse-filter.ts';
import { findAttribute } from '#hub/scim/read/find-attribute.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import { readCursor, toListResponse } from '#hub/scim/read/page.ts';
import { project } from '#hub/scim/read/project.ts';
import type { Question } from '#hub/scim/read/read-question.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import { findByExternalId, readDeleted, readExternalIds } from '#hub/scim/scim-mark-store.ts';
import { showUser } from '#hub/scim/users/show-user.ts';
import type { ScimObject } from '#schemas/scim.ts';
import { resourceSchemas } from '#schemas/scim-schemas.ts';
import type { FoundStaff, StaffCondition, StaffOrder } from '#schemas/staff-query.ts';

export type ScimDeps = Pick<PartContext, 'db' | 'call'>;

const orders: Record<string, StaffOrder> = {
  id: 'id',
  userName: 'username',
  displayName: 'name',
  'name.formatted': 'name',
  'name.familyName': 'familyName',
  'name.givenName': 'givenName',
  'meta.lastModified': 'updatedAt',
};

/** By an attribute that the client may not see nothing is sorted: all are equal in what is absent. */
const orderOf = (sortBy: string | undefined, view: ScimView): StaffOrder => {
  if (sortBy === undefined) return 'joined';
  const path = findAttribute(resourceSchemas.User, sortBy)?.path;
  const order = path === undefined ? undefined : orders[path];
  if (order === undefined) throw new ScimError('sort-unsupported', { path: sortBy });
  return findAttribute(view.user, sortBy) === undefined ? 'joined' : order;
};

/** The people whom a client may see: of its units, and not deleted by it. */
const withinView = async (db: ScimDeps['db'], view: ScimView): Promise<StaffCondition[]> => {
  const deleted = await readDeleted(db, view.client);
  const gone: StaffCondition = {
    all: [{ test: { field: 'status', op: 'eq', value: 'left' } }, { field: 'id', in: deleted }],
  };
  return [
    ...(deleted.length === 0 ? [] : [{ not: gone }]),
    ...(view.scope === undefined ? [] : [holdsPostIn([...view.scope])]),
  ];
};

/** A page of Users, as a ListResponse. @throws {ScimError} for a filter, order or cursor that cannot be */
export const listUsers = async (
  { db, call }: ScimDeps,
  view: ScimView,
  question: Question,
): Promise<ScimObject> => {
  const { filter, count, descending } = question;
  const after = readCursor(question);
  const order = orderOf(question.sortBy, view);
  const where = await withinView(db, view);
  if (filter !== undefined)
    where.push(
      await compileFilter(parseFilter(filter), {
        view,
        byExternalId: test => findByExternalId(db, view.client, test),
      }),
    );
  const { items, total, next } = await call('staff.find', {
    where: { all: where },
    order,
    descending,
    limit: count,
    ...(after === undefined ? { offset: question.cursor === undefined ? question.offset : 0 } : { after }),
  });
  const externalIds = await readExternalIds(
    db,
    view.client,
    items.map(({ staff }) => staff.id),
  );
  return toListResponse(question, {
    items: items.map(found =>
      project(showUser(found, view, externalIds.get(found.staff.id)), question, view.user),
    ),
    total: total ?? 0,
    ...(next === undefined ? {} : { next }),
  });
};

/** One person with how the client sees them. */
export interface SeenUser {
  found: FoundStaff;
  user: ScimObject;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws {ScimError} 404 for somebody unknown, outside the client's units, or deleted by it */
export const readUser = async ({ db, call }: ScimDeps, view: ScimView, id: string): Promise<SeenUser> => {
  const unknown = new ScimError('unknown-resource', { id });
  if (!uuid.test(id)) throw unknown;
  const where = await withinView(db, view);
  where.push({ field: 'id', in: [id] });
  const [found] = (await call('staff.find', { where: { all: where }, limit: 1, total: false })).items;
  if (found === undefined) throw unknown;
  const externalIds = await readExternalIds(db, view.client, [id]);
  return { found, user: showUser(found, view, externalIds.get(found.staff.id)) };
};
