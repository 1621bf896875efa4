import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { readStaff } from '#hub/staff/read-staff.ts';
import { compileCondition } from '#hub/staff/staff-condition-store.ts';
import { countFound, findPeople } from '#hub/staff/staff-find-store.ts';
import type { StaffCondition, StaffOrder, StaffPage } from '#schemas/staff-query.ts';

export interface FindRequest {
  where: StaffCondition;
  order?: StaffOrder;
  descending?: boolean;
  offset?: number;
  after?: string[];
  limit: number;
  total?: boolean;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;
/** What each place is made of; anything else would reach PostgreSQL as a cast that fails. */
const places: Record<StaffOrder, RegExp[]> = {
  joined: [/^\d{1,18}$/],
  id: [uuid],
  username: [/^/],
  name: [/^/, uuid],
  familyName: [/^/, /^/, uuid],
  givenName: [/^/, /^/, uuid],
  updatedAt: [time, uuid],
};

/** Whether a place is one of this order. */
export const isPlaceOf = (order: StaffOrder, place: string[]): boolean =>
  places[order].length === place.length && places[order].every((part, at) => part.test(place[at]!));

/**
 * One page of the people for whom a condition holds.
 *
 * @throws {AppError} `invalid-request` for a place that is none of this order
 */
export const findStaff = async (db: Database, request: FindRequest): Promise<StaffPage> => {
  const { order = 'joined', descending = false, offset = 0, after, limit, total = true } = request;
  if (after !== undefined && !isPlaceOf(order, after))
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/after', code: 'bad-cursor' }] });
  const where = compileCondition(request.where);
  const counted = total ? { total: await countFound(db, where) } : {};
  if (limit === 0) return { items: [], ...counted };
  const rows = await findPeople(db, where, { order, descending, offset, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const people = await readStaff(
    db,
    page.map(row => row.id),
  );
  const byId = new Map(people.map(staff => [staff.id, staff]));
  return {
    items: page.flatMap(({ id, createdAt, updatedAt }) => {
      const staff = byId.get(id);
      return staff === undefined ? [] : [{ staff, createdAt, updatedAt }];
    }),
    ...counted,
    ...(rows.length > limit ? { next: page.at(-1)!.place } : {}),
  };
};
