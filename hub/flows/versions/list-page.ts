import { decodeCursor, type Page, toPage } from '#hub/platform/http/cursor.ts';

/** A page of what has numbers, newest first; `read` gets how many to read and below which number. */
export const listPage = async <T extends { number: number }>(
  { limit = 50, cursor }: { limit?: number; cursor?: string },
  read: (range: { before: number | undefined; limit: number }) => Promise<T[]>,
): Promise<Page<T>> => {
  const [before] = (decodeCursor(cursor, ['number']) ?? []) as [number?];
  return toPage(await read({ before, limit: limit + 1 }), limit, ({ number }) => [number]);
};
