import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { Item } from './items.ts';
import { createSubjectLines } from './subject-lines.ts';

/** Rows that a mark writes: what was parked or tried again, and what is done with. */
export interface ParkedChanges {
  put: { item: Item; state: 'waiting' | 'dead' }[];
  remove: Item[];
}

/** A first attempt that takes longer may be parked, so that the mark passes it. */
const slowMs = 1000;

/**
 * What is on its way to one subscriber: in order within each subject, and the place before which nothing is open; what
 * would hold that place back gets a row of its own. No clock, no network, no database.
 */
export const createQueue = (start: EventCursor) => {
  const lines = createSubjectLines();
  let reached = start;
  /** Read, and not passed by the mark: in log order. */
  let unsettled: Item[] = [];
  let parkedCount = 0;
  let put = new Map<Item, 'waiting' | 'dead'>();
  let remove: Item[] = [];

  const settle = (item: Item, now: number): void => {
    item.settled = true;
    // The mark may pass it much later.
    item.event = undefined;
    lines.leave(item, now);
  };

  const isSlow = (item: Item, now: number): boolean => {
    const { busy, since } = lines.lineOf(item);
    return busy && now - since > slowMs;
  };

  const { next, probe, allDue, nextDueAt } = lines;
  return {
    next,
    probe,
    allDue,
    nextDueAt,
    /** Takes an event in its place in its subject; the reader has reached it. Parked ones come from their rows. */
    add(item: Item, now: number): void {
      if (!lines.add(item, now)) return;
      if (item.parked) parkedCount++;
      else unsettled.push(item);
    },
    reach(place: EventCursor): void {
      reached = place;
    },
    reached: () => reached,
    delivered(item: Item, now: number): void {
      if (item.parked) {
        parkedCount--;
        put.delete(item);
        remove.push(item);
      }
      settle(item, now);
    },
    /** It waits for so long, and its subject behind it. */
    failed(item: Item, now: number, delayMs: number): void {
      item.dueAt = now + delayMs;
      item.delayMs = delayMs;
      if (item.parked) {
        put.set(item, 'waiting');
        item.event = undefined;
      }
      lines.rest(item, now);
    },
    /** Given up: it stays as a row, and its subject goes on. */
    dead(item: Item, now: number): void {
      if (item.parked) parkedCount--;
      item.parked = true;
      put.set(item, 'dead');
      settle(item, now);
    },
    /** It was not sent after all. */
    giveBack: lines.rest,
    /**
     * Makes rows of what failed, of what is slow while the window fills, and of what waits behind either, so that the
     * mark can pass them. `all`: of everything that something settled lies behind.
     */
    parkStuck(now: number, { full, all = false }: { full: boolean; all?: boolean }): void {
      const lastSettled = all ? unsettled.findLast(item => item.settled) : undefined;
      for (const item of unsettled) {
        if (item.settled || item.parked) continue;
        const line = lines.lineOf(item);
        const head = line.items[0]!;
        const left = lastSettled !== undefined && compareCursors(item.place, lastSettled.place) < 0;
        if (!(head.parked || head.attempts > 0 || (full && isSlow(item, now)) || left)) continue;
        item.parked = true;
        parkedCount++;
        put.set(item, 'waiting');
        if (!(line.busy && head === item)) item.event = undefined;
      }
    },
    /** Whether the mark waits for a request that does not end: parked, it holds it back no more. */
    isHeldBack(now: number): boolean {
      const first = unsettled.find(item => !item.settled && !item.parked);
      return first !== undefined && isSlow(first, now);
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
    windowSize: () => unsettled.length,
    parkedCount: () => parkedCount,
    /** Whether nothing waits that has failed. */
    hasFailures: () => parkedCount > 0 || unsettled.some(item => !item.settled && item.attempts > 0),
  };
};
export type DeliveryQueue = ReturnType<typeof createQueue>;
