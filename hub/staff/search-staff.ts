import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { readStaff } from '#hub/staff/read-staff.ts';
import { searchIds } from '#hub/staff/staff-search-store.ts';
import type { Staff } from '#schemas/staff.ts';

export interface SearchRequest {
  q?: string;
  unitId?: string;
  subtree?: boolean;
  status?: string;
  cursor?: string;
  limit?: number;
}

const readCursor = (text: string | undefined) => {
  if (text === undefined) return undefined;
  try {
    const [givenName, name, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as string[];
    if (givenName !== undefined && name !== undefined && id !== undefined) return { givenName, name, id };
  } catch {
    // falls through to the one answer for every broken cursor
  }
  throw new AppError('invalid-request', {}, { faults: [{ pointer: '/cursor', code: 'cursor' }] });
};

/** One page of people. The cursor stays right while people come and go: it names a place, not a number. */
export const searchStaff = async (
  db: Database,
  request: SearchRequest,
): Promise<{ items: Staff[]; next?: string }> => {
  const limit = request.limit ?? 50;
  const found = await searchIds(db, {
    folded: request.q === undefined || request.q.trim() === '' ? undefined : fold(request.q),
    unitId: request.unitId,
    subtree: request.subtree ?? false,
    status: request.status,
    after: readCursor(request.cursor),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const people = new Map(
    (
      await readStaff(
        db,
        page.map(row => row.id),
      )
    ).map(staff => [staff.id, staff]),
  );
  return {
    items: page.flatMap(row => people.get(row.id) ?? []),
    ...(found.length > limit && last !== undefined
      ? { next: Buffer.from(JSON.stringify([last.givenName, last.name, last.id])).toString('base64url') }
      : {}),
  };
};
