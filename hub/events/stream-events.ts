import type { Database } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors, writeEventCursor } from '#hub/platform/events/event-cursor.ts';
import type { EventTail } from '#hub/platform/events/event-tail.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import type { EventFilter } from './event-filter.ts';
import { type Found, type Stretch, scanLog, scanTail } from './scan-log.ts';
import { listenForNews } from './wait-for-news.ts';

export interface StreamRequest {
  after: EventCursor;
  filter: EventFilter;
  /** Asked before every stretch, so that a right that was taken away is not used again; undefined ends the stream. */
  viewer(): Promise<EventViewer | undefined>;
  signal: AbortSignal;
  /** A comment after so long a silence keeps proxies from closing. */
  quietMs?: number;
}

/** So many at once: what waits in memory for a slow client stays small. */
const limit = 50;
const scan = 500;
const lookMs = 1000;
/** A place is told without an event when so long none was, so that a client which is cut off need not start far back. */
const progressMs = 2000;

const end = Buffer.from('\n\n');
const eventBytes = ({ event, json, place }: Found): Buffer[] => [
  Buffer.from(`id: ${writeEventCursor(place)}\nevent: ${event.type}\ndata: `),
  json,
  end,
];
/** Sets the client's last event id and fires nothing (HTML Standard, 9.2.6: no data, no event). */
const placeText = (place: EventCursor): string => `id: ${writeEventCursor(place)}\n\n`;

/**
 * The log as server-sent events, for ever. Reads on only when the client has taken what was given (the edge pulls),
 * so a slow one holds one stretch of at most 50 events in memory. First from the database to the end, then from the
 * shared end of the log in memory.
 */
export async function* streamEvents(
  { db, tail }: { db: Database; tail: EventTail },
  { after, filter, viewer, signal, quietMs = 15_000 }: StreamRequest,
): AsyncGenerator<string | Buffer> {
  const news = listenForNews(tail);
  let cursor = after;
  let toldAt = performance.now();
  let told = after;
  let behind = true;
  try {
    // Also who sees no event at all goes on exactly here.
    yield placeText(cursor);
    while (!signal.aborted) {
      const seer = await viewer();
      if (seer === undefined) return;
      const request = { after: cursor, limit, filter, scan, viewer: seer };
      const stretch: Stretch = behind ? await scanLog(db, request) : await scanTail(tail, request);
      behind = behind && stretch.more;
      cursor = stretch.cursor;
      if (signal.aborted) return;
      const silentMs = performance.now() - toldAt;
      let text: string | Buffer = '';
      if (stretch.found.length > 0) {
        text = Buffer.concat(stretch.found.flatMap(eventBytes));
        told = stretch.found.at(-1)!.place;
      } else if (compareCursors(cursor, told) > 0 && silentMs > progressMs) {
        text = placeText(cursor);
        told = cursor;
      } else if (silentMs > quietMs) text = ': still here\n\n';
      if (text !== '') {
        yield text;
        toldAt = performance.now();
      }
      if (!stretch.more) await news.wait(lookMs, signal);
    }
  } finally {
    news.stop();
  }
}
