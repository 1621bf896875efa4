import { beginning } from '#hub/platform/event-log.ts';
import { writeEventCursor } from '#hub/platform/events/event-cursor.ts';
import type { Reply, RouteRequest } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { awaitEvents } from './await-events.ts';
import { readFilter } from './event-filter.ts';
import { readPlace } from './read-place.ts';
import { renderPage } from './render-page.ts';

const usualLimit = 100;

/** `GET /api/v1/events`: one page of the log as the caller may see it. */
export const readPage = async (
  context: Pick<PartContext, 'db' | 'tail' | 'viewers'>,
  { caller, query, signal }: Pick<RouteRequest, 'caller' | 'query' | 'signal'>,
): Promise<Reply> => {
  const viewer = () => context.viewers.ofCaller(caller);
  await viewer();
  const filter = readFilter(query);
  const after = query.after ? await readPlace(context.db, query.after, '/after', context.tail) : beginning;
  const { found, cursor, more } = await awaitEvents(
    context,
    { after, limit: Number(query.limit ?? usualLimit), filter },
    { viewer, waitMs: Number(query.wait ?? 0) * 1000, signal },
  );
  return renderPage(found, { next: writeEventCursor(cursor), ...(more ? { more } : {}) });
};
