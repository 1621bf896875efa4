import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { Event } from '#schemas/event.ts';

/** An event on its way to one subscriber. Times in milliseconds of a clock that is never set. */
export interface Item {
  place: EventCursor;
  eventId: string;
  type: string;
  subject: string;
  /** Absent for what is parked: it is read from the log when its turn comes. */
  event: Event | undefined;
  /** Where the reader stood before it. */
  before: EventCursor;
  attempts: number;
  dueAt: number;
  delayMs: number;
  errorCode: string | undefined;
  /** Sent again by hand. */
  asked: boolean;
  /** It has a row of its own, or gets one with the next mark. */
  parked: boolean;
  settled: boolean;
}

/** Rows that a mark writes: what was parked or tried again, and what is done with. */
export interface ParkedChanges {
  put: { item: Item; state: 'waiting' | 'dead' }[];
  remove: Item[];
}

interface Line {
  subject: string;
  /** In log order; only the first may be under way. */
  items: Item[];
  busy: boolean;
  since: number;
  /** Its first item stands in `ready`. */
  queued: boolean;
}

const isAfter = (place: EventCursor, other: EventCursor | undefined): boolean =>
  other === undefined || compareCursors(place, other) > 0;

/** A first attempt that takes longer may be parked, so that the mark passes it. */
const slowMs = 1000;

/**
 * What is on its way to one subscriber: in order within each subject, subjects side by side, and the place before
 * which nothing is open. No clock, no network, no database.
 */
export const createQueue = (start: EventCursor) => {
  let reached = start;
  let unsettled: Item[] = [];
  const lines = new Map<string, Line>();
  const ready = { fresh: [] as Line[], parked: [] as Line[] };
  /** Lines whose first item waits for its time. */
  const waiting = new Set<Line>();
  let nextDue = Number.POSITIVE_INFINITY;
  let turn = false;
  let parkedCount = 0;
  let probeFresh = true;
  let probed: EventCursor | undefined;
  let triedFresh: EventCursor | undefined;
  let put = new Map<Item, 'waiting' | 'dead'>();
  let remove: Item[] = [];

  const offer = (line: Line, now: number): void => {
    const [head] = line.items;
    if (head === undefined) {
      lines.delete(line.subject);
      waiting.delete(line);
      return;
    }
    if (line.busy || line.queued) return;
    if (head.dueAt > now) {
      waiting.add(line);
      nextDue = Math.min(nextDue, head.dueAt);
      return;
    }
    waiting.delete(line);
    line.queued = true;
    (head.parked || head.attempts > 0 ? ready.parked : ready.fresh).push(line);
  };

  const offerDue = (now: number): void => {
    if (now < nextDue) return;
    nextDue = Number.POSITIVE_INFINITY;
    for (const line of waiting) offer(line, now);
  };

  const take = (line: Line, now: number): Item => {
    line.busy = true;
    line.since = now;
    line.queued = false;
    waiting.delete(line);
    return line.items[0]!;
  };

  /** Of the lines that rest, the one whose first item fits and lies first in the log. */
  const firstHead = (fits: (item: Item) => boolean): Line | undefined => {
    let best: Line | undefined;
    for (const line of lines.values()) {
      const [head] = line.items;
      if (line.busy || head === undefined || !fits(head)) continue;
      if (best === undefined || compareCursors(head.place, best.items[0]!.place) < 0) best = line;
    }
    return best;
  };

  const lineOf = (item: Item): Line => lines.get(item.subject)!;

  /** The item leaves its line. */
  const leave = (item: Item, now: number): void => {
    const line = lineOf(item);
    line.busy = false;
    line.items = line.items.filter(other => other !== item);
    item.settled = true;
    offer(line, now);
  };

  const park = (item: Item): void => {
    if (item.parked) return;
    item.parked = true;
    parkedCount++;
    put.set(item, 'waiting');
  };

  const drop = (item: Item): void => {
    if (!item.parked) return;
    parkedCount--;
    put.delete(item);
    remove.push(item);
  };

  return {
    /** Takes an event in its place in its subject; the reader has reached it. Parked ones come from their rows. */
    add(item: Item, now: number): void {
      let line = lines.get(item.subject);
      if (line === undefined) {
        line = { subject: item.subject, items: [], busy: false, since: 0, queued: false };
        lines.set(item.subject, line);
      }
      // Almost always the last; but what is replayed goes before what was parked of the same subject.
      const from = line.busy ? 1 : 0;
      let at = line.items.length;
      while (at > from && compareCursors(line.items[at - 1]!.place, item.place) > 0) at--;
      if (line.items[at]?.place && compareCursors(line.items[at]!.place, item.place) === 0) return;
      if (at > 0 && compareCursors(line.items[at - 1]!.place, item.place) === 0) return;
      line.items.splice(at, 0, item);
      if (item.parked) parkedCount++;
      else unsettled.push(item);
      if (at === 0) offer(line, now);
    },
    reach(place: EventCursor): void {
      reached = place;
    },
    reached: () => reached,
    /** The next item whose time has come; it is under way from now on. Fresh and parked ones take turns. */
    next(now: number): Item | undefined {
      offerDue(now);
      for (;;) {
        turn = !turn;
        const line = turn
          ? (ready.parked.shift() ?? ready.fresh.shift())
          : (ready.fresh.shift() ?? ready.parked.shift());
        if (line === undefined) return undefined;
        if (!line.queued) continue;
        line.queued = false;
        const [head] = line.items;
        if (line.busy || head === undefined) continue;
        if (head.dueAt <= now) return take(line, now);
        offer(line, now);
      }
    },
    /**
     * The next item to try a held receiver with, whether or not its time has come. In turn the oldest one that is
     * there, then the one behind it and so on; and one that was never sent, so that some that are refused for ever do
     * not stand for all. Undefined: nothing is there, or (`mayRead`) one more shall be read.
     */
    probe(now: number, mayRead: boolean): Item | undefined {
      probeFresh = !probeFresh;
      if (probeFresh) {
        const fresh = firstHead(({ place, attempts }) => attempts === 0 && isAfter(place, triedFresh));
        if (fresh !== undefined) {
          triedFresh = fresh.items[0]!.place;
          return take(fresh, now);
        }
        if (mayRead) {
          probeFresh = false;
          return undefined;
        }
      }
      const oldest = firstHead(({ place }) => isAfter(place, probed)) ?? firstHead(() => true);
      if (oldest === undefined) return undefined;
      probed = oldest.items[0]!.place;
      return take(oldest, now);
    },
    delivered(item: Item, now: number): void {
      drop(item);
      leave(item, now);
    },
    /** It waits for so long, and its subject behind it. */
    failed(item: Item, now: number, delayMs: number): void {
      item.dueAt = now + delayMs;
      item.delayMs = delayMs;
      if (item.parked) {
        put.set(item, 'waiting');
        item.event = undefined;
      }
      const line = lineOf(item);
      line.busy = false;
      offer(line, now);
    },
    /** Given up: it stays as a row, and its subject goes on. */
    dead(item: Item, now: number): void {
      if (item.parked) parkedCount--;
      item.parked = true;
      put.set(item, 'dead');
      leave(item, now);
    },
    /** It was not sent after all. */
    giveBack(item: Item, now: number): void {
      const line = lineOf(item);
      line.busy = false;
      offer(line, now);
    },
    /** The receiver is back: whatever waits is due. */
    allDue(now: number): void {
      for (const line of waiting) line.items[0]!.dueAt = now;
      nextDue = now;
      offerDue(now);
    },
    /**
     * Makes rows of what failed, of what is slow while the window fills, and of what waits behind either, so that the
     * mark can pass them. `all`: of everything that something settled lies behind.
     */
    parkStuck(now: number, { full, all = false }: { full: boolean; all?: boolean }): void {
      const lastSettled = all ? unsettled.findLast(item => item.settled) : undefined;
      for (const item of unsettled) {
        if (item.settled || item.parked) continue;
        const line = lineOf(item);
        const [head] = line.items;
        const slow = full && line.busy && now - line.since > slowMs;
        const left = lastSettled !== undefined && compareCursors(item.place, lastSettled.place) < 0;
        if (!(head!.parked || head!.attempts > 0 || slow || left)) continue;
        park(item);
        if (!(line.busy && head === item)) item.event = undefined;
      }
    },
    /** Everything before this place is delivered, parked or not for the subscriber. */
    mark(): EventCursor {
      const first = unsettled.findIndex(item => !item.settled && !item.parked);
      if (first !== 0) unsettled = first === -1 ? [] : unsettled.slice(first);
      return unsettled[0]?.before ?? reached;
    },
    changes(): ParkedChanges {
      const changes = { put: [...put].map(([item, state]) => ({ item, state })), remove };
      put = new Map();
      remove = [];
      return changes;
    },
    /** Whether the window fills behind a request that does not end: parked, it holds the mark back no more. */
    hasSlow(now: number): boolean {
      const first = unsettled.find(item => !item.settled && !item.parked);
      const line = first && lineOf(first);
      return line?.busy === true && now - line.since > slowMs;
    },
    windowSize: () => unsettled.length,
    parkedCount: () => parkedCount,
    /** When the next item's time comes; now when one is ready. */
    nextDueAt: (now: number): number =>
      ready.fresh.length + ready.parked.length > 0
        ? now
        : waiting.size > 0
          ? nextDue
          : Number.POSITIVE_INFINITY,
    isEmpty: () => lines.size === 0,
    /** Whether nothing waits that has failed. */
    hasFailures: () => parkedCount > 0 || unsettled.some(item => !item.settled && item.attempts > 0),
  };
};
export type DeliveryQueue = ReturnType<typeof createQueue>;
