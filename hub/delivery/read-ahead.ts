import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { EventTail } from '#hub/platform/events/event-tail.ts';
import { renderEvent } from '#hub/platform/events/render-event.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { itemOfEvent } from './items.ts';
import type { LaneViewer } from './lane-viewer.ts';
import type { ServedSubscription } from './lease-store.ts';
import type { ReceiverHealth } from './receiver-health.ts';

/** Reads the log for one subscription, as far ahead of what is delivered as there is room. */
export interface ReadAhead {
  /** New events can be read. */
  news(): void;
  /** Reads on when there is something to read and room for it. */
  start(now: number): void;
  /** A held receiver refused all that is there: whether one more event may be read to try it with. */
  mayReadOne(): boolean;
  /** That one is wanted, or not any more. */
  wantOne(wanted: boolean): void;
  /** It reads an older part of the log, or a replay: those at the head go first. */
  isBehind(): boolean;
  isReplaying(): boolean;
  /** Whether a replay is over, when everything up to this place is done with. */
  isOver(place: { xid: string; position: number }): boolean;
  /** More than half of what may be read ahead is not passed by the mark. */
  isFilling(): boolean;
  /** Nothing is read from now on. */
  end(): void;
}

/** Events read and not yet passed by the mark. */
const windowMax = 500;
/** Rows of one subscription; at so many nothing new is read until some are done with. */
const defaultParkedMax = 10_000;
/** Room for so many is worth a read. */
const pageMin = windowMax / 5;
const smallPage = 50;
const rereadMs = 5000;

export const createReadAhead = (
  served: Pick<ServedSubscription, 'types' | 'replayTo' | 'replayUntil'>,
  {
    tail,
    queue,
    viewer,
    health,
    clock,
    parkedMax = defaultParkedMax,
  }: {
    tail: EventTail;
    queue: DeliveryQueue;
    viewer: LaneViewer;
    health: ReceiverHealth;
    clock: DeliveryClock;
    parkedMax?: number | undefined;
  },
  {
    isSending,
    read,
    failed,
  }: {
    /** Whether a request is under way. */
    isSending(): boolean;
    /** A page was read; `note`: the mark has moved by it. */
    read(note: boolean): void;
    failed(error: unknown): void;
  },
): ReadAhead => {
  const types = served.types === null ? undefined : new Set(served.types);
  let replayTo = served.replayTo ?? undefined;
  let replayUntil = served.replayUntil ?? undefined;
  let caughtUp = false;
  let reading = false;
  let atHead = false;
  let behind = false;
  let wantsOne = false;
  let ended = false;
  let newsCount = 0;
  let readAt = 0;

  const isFull = (): boolean => queue.windowSize() >= windowMax || queue.parkedCount() >= parkedMax;

  /** How many events may be read now. A held receiver gets one more only when all that is there was tried. */
  const room = (now: number): number => {
    if (queue.parkedCount() >= parkedMax) return 0;
    if (health.isHeld()) return wantsOne && !isSending() && now >= health.probeAt() && !isFull() ? 1 : 0;
    const space = windowMax - queue.windowSize();
    return space >= pageMin ? space : 0;
  };

  /** At the end of the log, or of what is replayed, the replay is over. */
  const advanceReplay = (atEnd: boolean): void => {
    if (replayUntil === undefined) return;
    // At the end of the log, everything up to the earlier place has been read.
    if (atEnd && compareCursors(queue.reached(), replayUntil) < 0) queue.reach(replayUntil);
    if (compareCursors(queue.reached(), replayUntil) < 0) return;
    replayUntil = undefined;
    replayTo = undefined;
    caughtUp = true;
  };

  /** Reads one page, of which `space` events at most are taken; false at the end of the log, and when it must stop. */
  const readPage = async (space: number): Promise<boolean> => {
    const limit = Math.max(space, smallPage);
    const seen = newsCount;
    readAt = clock.elapsed();
    const { events } = await tail.read({ after: queue.reached(), limit });
    const seer = viewer.current();
    if (ended || seer === undefined) return false;
    const now = clock.elapsed();
    behind = events.length === limit;
    let added = 0;
    for (const event of events) {
      if (added === space) break;
      if (replayTo && compareCursors(event, replayTo) > 0) {
        queue.reach(replayUntil!);
        replayTo = undefined;
        break;
      }
      const before = queue.reached();
      queue.reach({ xid: event.xid, position: event.position });
      if (types !== undefined && !types.has(event.type)) continue;
      if (renderEvent(event, seer) === undefined) continue;
      added++;
      queue.add(itemOfEvent(event, before, now), now);
    }
    advanceReplay(events.length === 0);
    if (added > 0) wantsOne = false;
    // What became known while it was read is read next.
    atHead = events.length === 0 && newsCount === seen;
    read(events.length > 0 || caughtUp);
    return !atHead;
  };

  const readOn = async (): Promise<void> => {
    reading = true;
    try {
      for (let space = room(clock.elapsed()); space > 0; space = room(clock.elapsed()))
        if (ended || !viewer.isKnown() || !(await readPage(space))) break;
    } catch (error) {
      atHead = true;
      failed(error);
    } finally {
      reading = false;
    }
  };

  return {
    news() {
      newsCount++;
      atHead = false;
    },
    start(now) {
      if (now - readAt > rereadMs) atHead = false;
      if (!reading && !atHead && room(now) > 0) void readOn();
    },
    mayReadOne: () => !atHead && !isFull(),
    wantOne(wanted) {
      wantsOne = wanted;
    },
    isBehind: () => behind || replayUntil !== undefined,
    isReplaying: () => replayUntil !== undefined,
    isOver: place => caughtUp && compareCursors(place, served.replayUntil!) >= 0,
    isFilling: () => queue.windowSize() > windowMax / 2,
    end() {
      ended = true;
    },
  };
};
