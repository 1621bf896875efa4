import { isDatabaseAway } from '#hub/platform/database.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { EventViewers } from '#hub/platform/events/event-viewers.ts';
import { renderEvent } from '#hub/platform/events/render-event.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { createAlarm } from './alarm.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import { createQueue, type Item } from './delivery-queue.ts';
import type { Flusher, Outcome, Settles } from './flusher.ts';
import { itemOfEvent, itemOfRow } from './items.ts';
import { errorCodeOf, mayAskForTime, type PostResult } from './judge-answer.ts';
import { createLaneViewer } from './lane-viewer.ts';
import type { ServedSubscription } from './lease-store.ts';
import { toOutcome } from './outcome.ts';
import { type ParkedRow, readEventsAt } from './parked-store.ts';
import { breakOff, createBreaker, type Poster } from './post.ts';
import { createRateLimit } from './rate-limit.ts';
import { createReceiverHealth } from './receiver-health.ts';
import { nextDelay, readRetryAfter } from './retry-schedule.ts';
import { createSigner } from './sign.ts';
import { openKeys } from './signing-keys.ts';
import type { Slots } from './slots.ts';
import { webhookHeaders } from './webhook-headers.ts';

/** What all lanes of a node share. */
export interface LaneShared extends Pick<PartContext, 'db' | 'tail' | 'log' | 'secrets'> {
  viewers: EventViewers;
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

/** Events read and not yet passed by the mark. */
const windowMax = 500;
/** Rows of one subscription; at so many nothing new is read until some are done with. */
const defaultParkedMax = 10_000;
const smallPage = 50;
const idleMs = 2000;
const rereadMs = 5000;
const againMs = 1000;
const drainMs = 6000;
const failingMs = 5 * 86_400_000;

export const createLane = (
  shared: LaneShared,
  served: ServedSubscription,
  rows: ParkedRow[],
  leasedUntil: number,
): Lane => {
  const { db, tail, log, viewers, poster, slots, flusher, clock, random, delays } = shared;
  const { parkedMax = defaultParkedMax } = shared;
  const { id, app } = served;
  const types = served.types === null ? undefined : new Set(served.types);
  const sign = createSigner(openKeys(shared.secrets, served.signingKeys));
  const target = poster.target(served.url);
  const queue = createQueue({ xid: served.xid, position: served.position });
  const breaker = createBreaker();
  const rate = createRateLimit(served.rate, clock.elapsed());
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

  let replayTo = served.replayTo ?? undefined;
  let replayUntil = served.replayUntil ?? undefined;
  let caughtUp = false;

  let until = leasedUntil;
  let filling = false;
  let atHead = false;
  let news = 0;
  let readAt = 0;
  /** A held receiver refused all that is there: one more event may be read to try it with. */
  let wantsOne = false;
  let behind = false;
  let inFlight = 0;
  let closing = false;
  let abandoned = false;
  let dirty = false;
  let drained: (() => void) | undefined;

  for (const row of rows) queue.add(itemOfRow(row, clock), clock.elapsed());

  const note = (): void => {
    dirty = true;
    flusher.note(lane);
  };
  const isLow = (): boolean => behind || replayUntil !== undefined;

  function pumpIn(ms: number): void {
    const now = clock.elapsed();
    // Not later than the lease ends: what is under way then is broken off.
    alarm.set(now + Math.max(1, Math.min(ms, idleMs, until - now)));
  }

  const finish = (item: Item, result: PostResult, probing: boolean): void => {
    const now = clock.elapsed();
    const wall = clock.now();
    if (result.failure === 'aborted') {
      queue.giveBack(item, now);
      return;
    }
    const errorCode = errorCodeOf(result);
    flusher.attempted({
      subscriptionId: id,
      eventId: item.eventId,
      type: item.type,
      subject: item.subject,
      at: new Date(wall).toISOString(),
      status: result.status ?? null,
      outcome: errorCode === undefined ? 'delivered' : 'failed',
      errorCode: errorCode ?? null,
      durationMs: result.durationMs,
      attempt: item.attempts + 1,
      repeat: item.attempts > 0 || item.asked || replayUntil !== undefined,
      answer: result.answer === '' ? null : result.answer,
    });
    note();
    if (errorCode === undefined) {
      const wasHeld = health.isHeld();
      health.succeeded(wall);
      queue.delivered(item, now);
      if (wasHeld) queue.allDue(now);
      return;
    }
    const retryAfterMs = mayAskForTime(result) ? readRetryAfter(result.retryAfter, wall) : 0;
    item.errorCode = errorCode;
    health.failed({ code: errorCode, status: result.status ?? null }, { now, wall, retryAfterMs });
    // A probe tells about the receiver, not about the event: it costs the event none of its attempts.
    if (probing) queue.failed(item, now, 0);
    else {
      item.attempts++;
      const delayMs = nextDelay(item.attempts, random, { delays, retryAfterMs });
      if (delayMs === undefined) queue.dead(item, now);
      else queue.failed(item, now, delayMs);
    }
    if (errorCode === 'gone') end('gone');
    else if (health.failingForMs(wall) >= failingMs) end('failing');
    else if (!health.isHeld() && !queue.hasFailures()) health.forgive();
  };

  const send = async (item: Item, probing: boolean): Promise<void> => {
    const seer = viewer.current();
    const body = item.event && seer && renderEvent(item.event, seer);
    if (body === undefined) {
      // The app may not see it any more, or the log no longer holds it.
      queue.delivered(item, clock.elapsed());
      note();
    } else {
      const headers = { ...webhookHeaders, ...sign(item.eventId, body, clock.now()) };
      finish(item, await poster.post(target, headers, body, breaker), probing);
    }
    inFlight--;
    slots.give();
    if (inFlight === 0) drained?.();
    pump();
  };

  const load = async (items: Item[], probing: boolean): Promise<void> => {
    try {
      const events = new Map(
        (
          await readEventsAt(
            db,
            items.map(item => item.place),
          )
        ).map(one => [one.id, one]),
      );
      for (const item of items) item.event = events.get(item.eventId);
    } catch (error) {
      if (!isDatabaseAway(error)) log.error({ err: error, subscription: id }, 'parked events cannot be read');
      for (const item of items) {
        queue.giveBack(item, clock.elapsed());
        inFlight--;
        slots.give();
      }
      if (inFlight === 0) drained?.();
      pumpIn(againMs);
      return;
    }
    for (const item of items) void send(item, probing);
  };

  /** Begins what may begin now. */
  const startSends = (now: number): void => {
    const limit = isLow() && slots.liveBusy(now) ? Math.ceil(served.concurrency / 2) : served.concurrency;
    const toLoad: Item[] = [];
    const probing = health.isHeld();
    while (inFlight < (probing ? 1 : limit)) {
      if (probing && now < health.probeAt()) break;
      if (!probing && queue.nextDueAt(now) > now) break;
      const waitMs = rate.take(now);
      if (waitMs > 0) pumpIn(waitMs);
      if (waitMs > 0 || !slots.take(isLow(), now, pump)) break;
      const mayRead = !atHead && !isFull();
      const item = probing ? queue.probe(now, mayRead) : queue.next(now);
      if (item === undefined) {
        slots.give();
        wantsOne = probing && mayRead;
        break;
      }
      inFlight++;
      if (item.event === undefined) toLoad.push(item);
      else void send(item, probing);
    }
    if (toLoad.length > 0) void load(toLoad, probing);
  };

  const isFull = (): boolean => queue.windowSize() >= windowMax || queue.parkedCount() >= parkedMax;

  /** How many events may be read now. A held receiver gets one more only when all that is there was tried. */
  const room = (now: number): number => {
    if (queue.parkedCount() >= parkedMax) return 0;
    if (health.isHeld()) return wantsOne && inFlight === 0 && now >= health.probeAt() && !isFull() ? 1 : 0;
    return queue.windowSize() <= windowMax / 2 ? windowMax - queue.windowSize() : 0;
  };

  const caughtUpWith = (): void => {
    replayUntil = undefined;
    replayTo = undefined;
    caughtUp = true;
  };

  const fill = async (): Promise<void> => {
    filling = true;
    try {
      for (
        let space = room(clock.elapsed());
        space > 0 && !closing && viewer.isKnown();
        space = room(clock.elapsed())
      ) {
        const limit = Math.max(space, smallPage);
        const seen = news;
        readAt = clock.elapsed();
        const { events } = await tail.read({ after: queue.reached(), limit });
        if (closing) return;
        const now = clock.elapsed();
        const seer = viewer.current();
        if (seer === undefined) break;
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
        if (replayUntil !== undefined) {
          // At the end of the log, everything up to the earlier place has been read.
          if (events.length === 0 && compareCursors(queue.reached(), replayUntil) < 0)
            queue.reach(replayUntil);
          if (compareCursors(queue.reached(), replayUntil) >= 0) caughtUpWith();
        }
        if (added > 0) wantsOne = false;
        if (events.length > 0 || caughtUp) note();
        // What became known while it was read is read next.
        atHead = events.length === 0 && news === seen;
        startSends(clock.elapsed());
        if (atHead) break;
      }
    } catch (error) {
      if (!isDatabaseAway(error))
        log.error({ err: error, subscription: id }, 'the log cannot be read for a webhook');
      atHead = true;
      pumpIn(againMs);
    } finally {
      filling = false;
    }
  };

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
    startSends(now);
    if (queue.windowSize() > windowMax / 2 && queue.hasSlow(now)) note();
    if (now - readAt > rereadMs) atHead = false;
    if (!filling && !atHead && room(now) > 0) void fill();
    const held = health.isHeld();
    const next = held ? health.probeAt() : queue.nextDueAt(now);
    if (next > now && next - now < idleMs) pumpIn(next - now);
  }

  function end(reason: 'gone' | 'failing'): void {
    closing = true;
    shared.disable(id, reason);
  }

  const lane: Lane = {
    wake() {
      news++;
      atHead = false;
      pump();
    },
    extend(to) {
      until = to;
    },
    collect(): Outcome | undefined {
      if (abandoned || !dirty) return undefined;
      dirty = false;
      const now = clock.elapsed();
      // While the receiver is held, what failed stays in the window: no rows pile up.
      if (!health.isHeld() || closing)
        queue.parkStuck(now, { full: queue.windowSize() > windowMax / 2, all: closing });
      const place = queue.mark();
      const outcome = toOutcome(
        served,
        { place, caughtUp: caughtUp && compareCursors(place, served.replayUntil!) >= 0 },
        health.shown(),
        queue.changes(),
        clock,
      );
      // The mark has moved on: more may be read.
      if (!closing) queueMicrotask(pump);
      return outcome;
    },
    async close() {
      closing = true;
      alarm.clear();
      if (inFlight > 0) {
        const late = setTimeout(() => breakOff(breaker), drainMs);
        await new Promise<void>(resolve => {
          drained = resolve;
        });
        clearTimeout(late);
      }
      note();
      await flusher.flush();
    },
    abandon() {
      closing = true;
      abandoned = true;
      alarm.clear();
      breakOff(breaker);
    },
  };
  pump();
  return lane;
};
