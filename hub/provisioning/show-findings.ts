import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import type { Finding } from '#schemas/provisioning.ts';
import { readCursor, writeCursor } from './page-cursor.ts';
import { listFindings } from './reconciliation-store.ts';

/** One page of what a reconciliation found, in the order in which it was found; people by code and name as of now. */
export const showFindings = async (
  { db, call }: { db: Database; call: Call },
  { id, kind, cursor, limit = 100 }: { id: string; kind?: string; cursor?: string; limit?: number },
): Promise<{ items: Finding[]; next?: string }> => {
  const after = Number(readCursor(cursor, ['id'] as const)?.id);
  const rows = await listFindings(db, {
    id,
    limit: limit + 1,
    ...(kind === undefined ? {} : { kind }),
    ...(Number.isSafeInteger(after) ? { after } : {}),
  });
  const page = rows.slice(0, limit);
  const ids = [...new Set(page.flatMap(({ staffId }) => staffId ?? []))];
  const people = new Map(
    (await call('staff.snapshots', { ids })).map(({ id, code, name }) => [id, { code, name }]),
  );
  const items = page.map(finding => {
    const person = people.get(finding.staffId ?? '');
    return person === undefined ? finding : { ...finding, person };
  });
  return rows.length > limit ? { items, next: writeCursor({ id: String(items.at(-1)!.id) }) } : { items };
};
