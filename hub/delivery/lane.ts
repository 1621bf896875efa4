import { isDatabaseAway } from '#hub/platform/database.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { createAlarm } from './alarm.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import { createQueue } from './delivery-queue.ts';
import type { Flusher, Outcome, Settles } from './flusher.ts';
import { itemOfRow } from './items.ts';
import { createLaneViewer } from './lane-viewer.ts';
import type { ServedSubscription } from './lease-store.ts';
import { toOutcome } from './outcome.ts';
import type { ParkedRow } from './parked-store.ts';
import { breakOff, createBreaker, type Poster } from './post.ts';
import { createReadAhead, type ReadAhead } from './read-ahead.ts';
import { createReceiverHealth } from './receiver-health.ts';
import { createSender } from './sender.ts';
import { createSigner } from './sign.ts';
import { openKeys } from './signing-keys.ts';
import type { Slots } from './slots.ts';

/** What all lanes of a node share. */
export interface LaneShared extends Pick<PartContext, 'db' | 'tail' | 'viewers' | 'log' | 'secrets'> {
  poster: Poster;
  slots: Slots;
  flusher: Flusher;
  clock: DeliveryClock;
  random: () => number;
  delays: readonly number[];
  probeMs: number;
  /** What tests hand in: 10,000 rows otherwise. */
  parkedMax?: number;
  /** The subscription shall be ended. */
  disable(id: string, reason: 'gone' | 'failing'): void;
}

/** Serves one subscription: reads the log, posts, retries, and tells how far it is. */
export interface Lane extends Settles {
  /** New events can be read, or something is due. */
  wake(): void;
  /** Until when (of the running clock) this node may post for it. */
  extend(until: number): void;
  /** Begins nothing new, waits (bounded) for what is under way and has it written. */
  close(): Promise<void>;
  /** Another node serves it, or nobody may: ends at once, and no mark is written. */
  abandon(): void;
}

const idleMs = 2000;
const againMs = 1000;
const drainMs = 6000;

/** Joins reader, queue and sender of one subscription; `pump` lets each do what it can whenever something has changed. */
export const createLane = (
  shared: LaneShared,
  served: ServedSubscription,
  rows: ParkedRow[],
  leasedUntil: number,
): Lane => {
  const { tail, log, viewers, flusher, clock, random, parkedMax } = shared;
  const { id, app } = served;
  const queue = createQueue({ xid: served.xid, position: served.position });
  const breaker = createBreaker();
  const health = createReceiverHealth(served, { random, firstWaitMs: shared.probeMs });
  const alarm = createAlarm(clock, pump);
  const viewer = createLaneViewer(
    { viewers, app, clock },
    seer => (seer === undefined ? pumpIn(idleMs) : pump()),
    error => {
      log.debug({ err: error, subscription: id }, 'what the app may see cannot be asked; tried again');
      pumpIn(againMs);
    },
  );
  const sign = createSigner(openKeys(shared.secrets, served.signingKeys));
  const sender = createSender(served, { ...shared, queue, health, viewer, breaker, sign }, () => reader, {
    note,
    pump,
    pumpIn,
    end(reason) {
      stopReading();
      shared.disable(id, reason);
    },
  });
  const reader: ReadAhead = createReadAhead(
    served,
    { tail, queue, viewer, health, clock, parkedMax },
    {
      isSending: sender.isSending,
      read(moved) {
        if (moved) note();
        sender.start(clock.elapsed());
      },
      failed(error) {
        if (!isDatabaseAway(error))
          log.error({ err: error, subscription: id }, 'the log cannot be read for a webhook');
        pumpIn(againMs);
      },
    },
  );

  let until = leasedUntil;
  let closing = false;
  let abandoned = false;
  let dirty = false;

  for (const row of rows) queue.add(itemOfRow(row, clock), clock.elapsed());

  function note(): void {
    dirty = true;
    flusher.note(lane);
  }

  function pumpIn(ms: number): void {
    const now = clock.elapsed();
    // Not later than the lease ends: what is under way then is broken off.
    alarm.set(now + Math.max(1, Math.min(ms, idleMs, until - now)));
  }

  function stopReading(): void {
    closing = true;
    reader.end();
  }

  /** Does whatever can be done now, and sets the alarm for what comes later. */
  function pump(): void {
    if (closing) return;
    const now = clock.elapsed();
    if (now >= until) {
      // Another node may have begun: what is under way is broken off.
      breakOff(breaker);
      return;
    }
    if (!flusher.healthy()) {
      pumpIn(againMs);
      return;
    }
    if (!viewer.isKnown()) return;
    pumpIn(idleMs);
    sender.start(now);
    if (reader.isFilling() && queue.isHeldBack(now)) note();
    reader.start(now);
    const next = health.isHeld() ? health.probeAt() : queue.nextDueAt(now);
    if (next > now && next - now < idleMs) pumpIn(next - now);
  }

  const lane: Lane = {
    wake() {
      reader.news();
      pump();
    },
    extend(to) {
      until = to;
    },
    collect(): Outcome | undefined {
      if (abandoned || !dirty) return undefined;
      dirty = false;
      // While the receiver is held, what failed stays in the window: no rows pile up.
      if (!health.isHeld() || closing)
        queue.parkStuck(clock.elapsed(), { full: reader.isFilling(), all: closing });
      const place = queue.mark();
      const mark = { place, caughtUp: reader.isOver(place) };
      const outcome = toOutcome(served, mark, health.shown(), queue.changes(), clock);
      // The mark has moved on: more may be read.
      if (!closing) queueMicrotask(pump);
      return outcome;
    },
    async close() {
      stopReading();
      alarm.clear();
      await sender.drain(drainMs);
      note();
      await flusher.flush();
    },
    abandon() {
      stopReading();
      abandoned = true;
      alarm.clear();
      breakOff(breaker);
    },
  };
  pump();
  return lane;
};
