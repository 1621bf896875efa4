import type { Database } from '#hub/platform/database.ts';
import { headOfLog, readEvents } from '#hub/platform/event-log.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { EventTail } from '#hub/platform/events/event-tail.ts';
import { renderEvent } from '#hub/platform/events/render-event.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import type { Event } from '#schemas/event.ts';
import { type EventFilter, isAskedFor } from './event-filter.ts';
import { readSubjectRows } from './events-store.ts';

/** A fact that the reader may see: as the JSON that goes out, and the place behind it. */
export interface Found {
  event: Event;
  json: Buffer;
  place: EventCursor;
}
/** What a stretch of the log holds for a reader. `cursor` is where to go on; `more`: the log goes on there. */
export interface Stretch {
  found: Found[];
  cursor: EventCursor;
  more: boolean;
}
export interface StretchRequest {
  after: EventCursor;
  /** So many that the reader sees. */
  limit: number;
  viewer: EventViewer;
  filter: EventFilter;
  /** So many of the log at most: one who sees little of it gets an answer in bounded time all the same. */
  scan?: number;
}

/** Of the log at most, for one request. */
export const scanLimit = 5000;
/** At once; fewer for who wants little, which mostly lies near. */
const pageSize = { least: 100, most: 500 };

type Read = (request: { after: EventCursor; limit: number }) => Promise<Event[]>;

const walk = async (read: Read, request: StretchRequest): Promise<Stretch> => {
  const { limit, viewer, filter } = request;
  const found: Found[] = [];
  const page = Math.min(pageSize.most, Math.max(pageSize.least, limit * 2));
  let cursor = request.after;
  for (let left = request.scan ?? scanLimit; left > 0; ) {
    const size = Math.min(page, left);
    const events = await read({ after: cursor, limit: size });
    for (const [at, event] of events.entries()) {
      cursor = { xid: event.xid, position: event.position };
      const json = isAskedFor(event, filter) ? renderEvent(event, viewer) : undefined;
      if (json === undefined) continue;
      found.push({ event, json, place: cursor });
      if (found.length === limit)
        return { found, cursor, more: at + 1 < events.length || events.length === size };
    }
    if (events.length < size) return { found, cursor, more: false };
    left -= size;
  }
  return { found, cursor, more: true };
};

/**
 * The next stretch of the log, from the database. Read to its end, `cursor` is the end of the log, behind all that
 * was seen: whoever goes on from there need not read again what concerns others.
 */
export const scanLog = async (db: Database, request: StretchRequest): Promise<Stretch> => {
  const { subject } = request.filter;
  // Before the reading: all that lies up to this place is in it.
  const head = await headOfLog(db);
  const stretch = await walk(
    subject === undefined
      ? async page => (await readEvents(db, page)).events
      : page => readSubjectRows(db, { ...page, subject }),
    request,
  );
  return stretch.more || compareCursors(stretch.cursor, head) > 0 ? stretch : { ...stretch, cursor: head };
};

/**
 * The next stretch from the shared end of the log in memory, for readers that have got there. It may lie a moment
 * behind the database, so its end proves nothing: `cursor` is the last place that was seen.
 */
export const scanTail = (tail: EventTail, request: StretchRequest): Promise<Stretch> =>
  walk(async page => (await tail.read(page)).events, request);
