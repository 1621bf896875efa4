import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { Item } from './items.ts';

/** The items of one subject. */
export interface Line {
  subject: string;
  /** In log order; only the first may be under way. */
  items: Item[];
  busy: boolean;
  /** When the one under way began. */
  since: number;
  /** Its first item stands in `ready`. */
  queued: boolean;
}

const isAfter = (place: EventCursor, other: EventCursor | undefined): boolean =>
  other === undefined || compareCursors(place, other) > 0;

/** Order within each subject, subjects side by side: what is next, and when. No clock, no network, no database. */
export const createSubjectLines = () => {
  const lines = new Map<string, Line>();
  const ready = { fresh: [] as Line[], parked: [] as Line[] };
  /** Lines whose first item waits for its time. */
  const waiting = new Set<Line>();
  let nextDue = Number.POSITIVE_INFINITY;
  let turn = false;
  let probeFresh = true;
  let probed: EventCursor | undefined;
  let triedFresh: EventCursor | undefined;

  const lineOf = (item: Item): Line => lines.get(item.subject)!;

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

  return {
    lineOf,
    /** Takes an item in its place in its line; false when one of that place stands there already. */
    add(item: Item, now: number): boolean {
      const known = lines.get(item.subject);
      const line = known ?? { subject: item.subject, items: [], busy: false, since: 0, queued: false };
      lines.set(item.subject, line);
      // Almost always the last; but what is replayed goes before what was parked of the same subject.
      const from = line.busy ? 1 : 0;
      let at = line.items.length;
      while (at > from && compareCursors(line.items[at - 1]!.place, item.place) > 0) at--;
      const isThere = (other: Item | undefined): boolean =>
        other !== undefined && compareCursors(other.place, item.place) === 0;
      if (isThere(line.items[at]) || isThere(line.items[at - 1])) return false;
      line.items.splice(at, 0, item);
      if (at === 0) offer(line, now);
      return true;
    },
    /** The item leaves its line, which goes on. */
    leave(item: Item, now: number): void {
      const line = lineOf(item);
      line.busy = false;
      line.items = line.items.filter(other => other !== item);
      offer(line, now);
    },
    /** The item is not under way any more and stays the first of its line, until its time comes. */
    rest(item: Item, now: number): void {
      const line = lineOf(item);
      line.busy = false;
      offer(line, now);
    },
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
    /** Whatever waits is due. */
    allDue(now: number): void {
      for (const line of waiting) line.items[0]!.dueAt = now;
      nextDue = now;
      offerDue(now);
    },
    /** When the next item's time comes; now when one is ready. */
    nextDueAt(now: number): number {
      if (ready.fresh.length + ready.parked.length > 0) return now;
      return waiting.size > 0 ? nextDue : Number.POSITIVE_INFINITY;
    },
  };
};
