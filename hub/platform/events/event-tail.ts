import type { Database } from '#hub/platform/database.ts';
import { headOfLog, readEvents } from '#hub/platform/event-log.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { Log } from '#hub/platform/log.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import type { Wake } from '#hub/platform/wake.ts';
import type { Event } from '#schemas/event.ts';

/**
 * The end of the log in memory: many readers at the head cost one query, not one each. Who lies further back is
 * served from the database by the same call.
 */
export interface EventTail {
  /** The next events after a cursor in log order; as `readEvents`. */
  read(request: { after: EventCursor; limit: number }): Promise<{ events: Event[]; cursor: EventCursor }>;
  /** Whether a place lies in memory: what follows it is read without the database. */
  holds(place: EventCursor): boolean;
  /** Called when new events can be read; gives what ends it. The first listener starts the reading. */
  onNews(listener: () => void): () => void;
  stop(): Promise<void>;
}

/** Some seconds of the busiest hour; more is only memory that the collector goes through again and again. */
const kept = 2048;
const page = 500;
/** A lost wake-up costs no more than the last. After one the event may not be readable at once, see ADR 3. */
const waits = [10, 20, 40, 80, 160, 320];
/** What is committed within it is read, and handed to all listeners, together. */
const restMs = 25;

const place = ({ xid, position }: EventCursor): EventCursor => ({ xid, position });

export const createEventTail = (db: Database, wake: Wake, log: Log): EventTail => {
  const listeners = new Set<() => void>();
  let events: Event[] = [];
  /** Memory holds every event after `start` up to `end`. Undefined: nothing is followed yet. */
  let start: EventCursor | undefined;
  let end: EventCursor = { xid: '0', position: 0 };
  let repeater: Repeater | undefined;
  let unsubscribe: (() => void) | undefined;
  let quiet = 0;

  const keep = (fresh: Event[], cursor: EventCursor): void => {
    events.push(...fresh);
    end = cursor;
    if (events.length <= kept * 2) return;
    start = place(events[events.length - kept - 1]!);
    events = events.slice(-kept);
  };

  const follow = async (): Promise<number> => {
    if (start === undefined) {
      end = await headOfLog(db);
      start = end;
    }
    let found = 0;
    for (;;) {
      const { events: fresh, cursor } = await readEvents(db, { after: end, limit: page });
      keep(fresh, cursor);
      found += fresh.length;
      if (fresh.length < page) break;
    }
    if (found > 0) {
      quiet = 0;
      for (const listener of listeners) listener();
    }
    const wait = waits[quiet]!;
    quiet = Math.min(quiet + 1, waits.length - 1);
    return wait;
  };

  const begin = (): void => {
    if (repeater !== undefined) return;
    repeater = repeat(log, 'the end of the event log', follow, { restMs });
    unsubscribe = wake.on('events', () => {
      quiet = 0;
      repeater!.wake();
    });
  };

  /** Of the first event after the cursor, by halving. */
  const indexAfter = (after: EventCursor): number => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareCursors(events[middle]!, after) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  const reaches = (after: EventCursor): boolean => start !== undefined && compareCursors(after, start) >= 0;

  return {
    holds: cursor => reaches(cursor) && compareCursors(cursor, end) <= 0,
    async read({ after, limit }) {
      if (!reaches(after)) return readEvents(db, { after, limit });
      const first = indexAfter(after);
      const found = events.slice(first, first + limit);
      const last = found.at(-1);
      return { events: found, cursor: last === undefined ? after : place(last) };
    },
    onNews(listener) {
      begin();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      unsubscribe?.();
      listeners.clear();
      await repeater?.stop();
    },
  };
};
