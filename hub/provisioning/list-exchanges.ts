import type { Database } from '#hub/platform/database.ts';
import type { Exchange } from '#schemas/provisioning.ts';
import { isUuid, readCursor, writeCursor } from './page-cursor.ts';
import { listExchanges as selectExchanges } from './query-store.ts';

/** One page of calls made to apps, newest first. */
export const listExchanges = async (
  db: Database,
  {
    cursor,
    limit = 100,
    ...filter
  }: { id?: string; staffId?: string; app?: string; outcome?: string; cursor?: string; limit?: number },
): Promise<{ items: Exchange[]; next?: string }> => {
  const before = readCursor(cursor, ['at', 'id'] as const);
  if (before && (!isUuid(before.id) || Number.isNaN(Date.parse(before.at)))) return { items: [] };
  const rows = await selectExchanges(db, {
    ...filter,
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  const page = rows.slice(0, limit);
  const items = page.map(({ place: _place, ...exchange }) => exchange);
  return rows.length > limit ? { items, next: writeCursor(page.at(-1)!.place) } : { items };
};
