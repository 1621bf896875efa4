import { Readable } from 'node:stream';
import { headOfLog } from '#hub/platform/event-log.ts';
import { Reply, type RouteRequest } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { readFilter } from './event-filter.ts';
import { guardAccess } from './guard-access.ts';
import { readPlace } from './read-place.ts';
import { streamEvents } from './stream-events.ts';
import { tokenExpiry } from './token-expiry.ts';

/** A client that takes nothing does not see the end: soon after it the connection is cut. */
const graceMs = 2000;

/**
 * `GET /api/v1/events/stream`: the log from a place on, as it grows. `Last-Event-ID` goes before `after`: a browser
 * that connects again repeats the address of the first time. Ends, without a word, when the right to read ends.
 */
export const openStream = async (
  context: Pick<PartContext, 'db' | 'tail' | 'log' | 'viewers'>,
  { caller, query, headers, signal: gone }: Pick<RouteRequest, 'caller' | 'query' | 'headers' | 'signal'>,
): Promise<Reply> => {
  const { viewers } = context;
  await viewers.ofCaller(caller);
  const filter = readFilter(query);
  const last = headers['last-event-id'];
  const after = last
    ? await readPlace(context.db, String(last), '/Last-Event-ID')
    : query.after
      ? await readPlace(context.db, query.after, '/after')
      : await headOfLog(context.db);
  const access = guardAccess(viewers, caller, { expiresAt: tokenExpiry(headers.authorization), gone });
  const source = streamEvents(context, {
    after,
    filter,
    viewer: () => viewers.ofCaller(caller).catch(() => undefined),
    signal: access.signal,
  });
  const body = Readable.from(source);
  body.once('close', access.stop);
  access.signal.addEventListener('abort', () => setTimeout(() => body.destroy(), graceMs).unref(), {
    once: true,
  });
  return new Reply(200, body, { 'content-type': 'text/event-stream' });
};
