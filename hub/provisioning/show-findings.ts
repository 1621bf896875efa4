import type { Database } from '#hub/platform/database.ts';
import type { Finding } from '#schemas/provisioning.ts';
import { readCursor, writeCursor } from './page-cursor.ts';
import { listFindings } from './reconciliation-store.ts';

/** One page of what a reconciliation found, in the order in which it was found. */
export const showFindings = async (
  db: Database,
  { id, kind, cursor, limit = 100 }: { id: string; kind?: string; cursor?: string; limit?: number },
): Promise<{ items: Finding[]; next?: string }> => {
  const after = Number(readCursor(cursor, ['id'] as const)?.id);
  const rows = await listFindings(db, {
    id,
    limit: limit + 1,
    ...(kind === undefined ? {} : { kind }),
    ...(Number.isSafeInteger(after) ? { after } : {}),
  });
  const items = rows.slice(0, limit);
  return rows.length > limit ? { items, next: writeCursor({ id: String(items.at(-1)!.id) }) } : { items };
};
