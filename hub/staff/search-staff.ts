import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { holdsPostIn } from '#hub/platform/unit-scope.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { findStaff, isPlaceOf } from '#hub/staff/find-staff.ts';
import { readUnitsBelow } from '#hub/staff/staff-find-store.ts';
import type { Staff } from '#schemas/staff.ts';
import type { StaffCondition, StaffField, StaffOrder } from '#schemas/staff-query.ts';

export interface SearchRequest {
  q?: string;
  unitId?: string;
  subtree?: boolean;
  status?: string;
  seen?: { attributes: string[]; unitIds?: string[] };
  cursor?: string;
  limit?: number;
}

const readCursor = (order: StaffOrder, text: string): string[] => {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const isText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\0');
    if (Array.isArray(place) && place.every(isText) && isPlaceOf(order, place)) return place;
  } catch {
    // falls through to the one answer for every broken cursor
  }
  throw new AppError('invalid-request', {}, { faults: [{ pointer: '/cursor', code: 'bad-cursor' }] });
};

const writeCursor = (place: string[]): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** What must hold of the people: what may not be seen answers as if nobody had it, so that nothing can be probed. */
const conditionOf = async (
  db: Database,
  { q = '', unitId, subtree = false, status, seen }: SearchRequest,
): Promise<StaffCondition> => {
  const sees = (name: string): boolean => seen?.attributes.includes(name) ?? true;
  const below = (ids: string[]): Promise<string[]> => readUnitsBelow(db, ids);
  const all: StaffCondition[] = [];
  if (fold(q) !== '') {
    const tests: [string, StaffField, 'co' | 'eq', string][] = [
      ['name', 'folded', 'co', fold(q)],
      ['code', 'code', 'eq', q.trim()],
      ['username', 'username', 'eq', fold(q)],
    ];
    all.push({
      any: tests
        .filter(([name]) => sees(name))
        .map(([, field, op, value]) => ({ test: { field, op, value } })),
    });
  }
  if (unitId !== undefined)
    all.push(
      sees('unitId') ? { field: 'unitId', in: subtree ? await below([unitId]) : [unitId] } : { any: [] },
    );
  if (status !== undefined) all.push({ test: { field: 'status', op: 'eq', value: status } });
  if (seen?.unitIds !== undefined) all.push(holdsPostIn(await below(seen.unitIds)));
  return { all };
};

/**
 * One page of people, in Vietnamese order by given name, then whole name; by id where the name may not be seen. The
 * cursor stays right while people come and go: it names a place, not a number.
 */
export const searchStaff = async (
  db: Database,
  request: SearchRequest,
): Promise<{ items: Staff[]; next?: string }> => {
  const { seen, cursor, limit = 50 } = request;
  const order = seen === undefined || seen.attributes.includes('name') ? 'givenName' : 'id';
  const after = cursor === undefined ? {} : { after: readCursor(order, cursor) };
  const { items, next } = await findStaff(db, {
    where: await conditionOf(db, request),
    order,
    limit,
    total: false,
    ...after,
  });
  return {
    items: items.map(({ staff }) => staff),
    ...(next === undefined ? {} : { next: writeCursor(next) }),
  };
};
