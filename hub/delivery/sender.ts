import { type Database, isDatabaseAway } from '#hub/platform/database.ts';
import { renderEvent } from '#hub/platform/events/render-event.ts';
import type { Log } from '#hub/platform/log.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import type { Flusher } from './flusher.ts';
import type { Item } from './items.ts';
import { errorCodeOf, mayAskForTime, type PostResult } from './judge-answer.ts';
import type { LaneViewer } from './lane-viewer.ts';
import type { ServedSubscription } from './lease-store.ts';
import { readEventsAt } from './parked-store.ts';
import { type Breaker, breakOff, type Poster } from './post.ts';
import { createRateLimit } from './rate-limit.ts';
import type { ReadAhead } from './read-ahead.ts';
import type { ReceiverHealth } from './receiver-health.ts';
import { nextDelay, readRetryAfter } from './retry-schedule.ts';
import type { Signer } from './sign.ts';
import type { Slots } from './slots.ts';
import { webhookHeaders } from './webhook-headers.ts';

/** Posts what is due of one subscription, and judges the answers. */
export interface Sender {
  /** Begins what may begin now. */
  start(now: number): void;
  isSending(): boolean;
  /** Resolves when nothing is under way any more; what takes longer is broken off. */
  drain(withinMs: number): Promise<void>;
}

/** What a sender works with: its subscription's own, and what all of a node share. */
export interface SenderTools {
  db: Database;
  log: Log;
  poster: Poster;
  slots: Slots;
  flusher: Flusher;
  clock: DeliveryClock;
  random: () => number;
  delays: readonly number[];
  queue: DeliveryQueue;
  health: ReceiverHealth;
  viewer: LaneViewer;
  breaker: Breaker;
  sign: Signer;
}

/** Told by a sender. */
export interface SenderNews {
  /** Something is to be written. */
  note(): void;
  /** A request has ended, or a slot is free: there may be more to do. */
  pump(): void;
  /** There may be more to do in so many milliseconds. */
  pumpIn(ms: number): void;
  /** The receiver wants no more, or has failed for too long. */
  end(reason: 'gone' | 'failing'): void;
}

const againMs = 1000;
const failingMs = 5 * 86_400_000;

export const createSender = (
  served: Pick<ServedSubscription, 'id' | 'url' | 'concurrency' | 'rate'>,
  {
    db,
    log,
    poster,
    slots,
    flusher,
    clock,
    random,
    delays,
    queue,
    health,
    viewer,
    breaker,
    sign,
  }: SenderTools,
  reader: () => ReadAhead,
  { note, pump, pumpIn, end }: SenderNews,
): Sender => {
  const { id } = served;
  const target = poster.target(served.url);
  const rate = createRateLimit(served.rate, clock.elapsed());
  let inFlight = 0;
  let drained: (() => void) | undefined;

  const release = (): void => {
    inFlight--;
    slots.give();
    if (inFlight === 0) drained?.();
  };

  const record = (item: Item, { status, answer, durationMs }: PostResult, errorCode?: string): void =>
    flusher.attempted({
      subscriptionId: id,
      eventId: item.eventId,
      type: item.type,
      subject: item.subject,
      at: new Date(clock.now()).toISOString(),
      status: status ?? null,
      outcome: errorCode === undefined ? 'delivered' : 'failed',
      errorCode: errorCode ?? null,
      durationMs,
      attempt: item.attempts + 1,
      repeat: item.attempts > 0 || item.asked || reader().isReplaying(),
      answer: answer === '' ? null : answer,
    });

  const succeed = (item: Item): void => {
    const now = clock.elapsed();
    const wasHeld = health.isHeld();
    health.succeeded(clock.now());
    queue.delivered(item, now);
    if (wasHeld) queue.allDue(now);
  };

  const fail = (item: Item, result: PostResult, errorCode: string, probing: boolean): void => {
    const now = clock.elapsed();
    const wall = clock.now();
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

  const finish = (item: Item, result: PostResult, probing: boolean): void => {
    if (result.failure === 'aborted') {
      queue.giveBack(item, clock.elapsed());
      return;
    }
    const errorCode = errorCodeOf(result);
    record(item, result, errorCode);
    note();
    if (errorCode === undefined) succeed(item);
    else fail(item, result, errorCode, probing);
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
    release();
    pump();
  };

  /** What was parked is read from the log first. */
  const load = async (items: Item[], probing: boolean): Promise<void> => {
    try {
      const places = items.map(item => item.place);
      const events = new Map((await readEventsAt(db, places)).map(event => [event.id, event]));
      for (const item of items) item.event = events.get(item.eventId);
    } catch (error) {
      if (!isDatabaseAway(error)) log.error({ err: error, subscription: id }, 'parked events cannot be read');
      for (const item of items) {
        queue.giveBack(item, clock.elapsed());
        release();
      }
      pumpIn(againMs);
      return;
    }
    for (const item of items) void send(item, probing);
  };

  /** A slot and an allowance for one more request; without, it is told when there may be. */
  const mayBegin = (now: number): boolean => {
    const waitMs = rate.take(now);
    if (waitMs > 0) pumpIn(waitMs);
    return waitMs === 0 && slots.take(reader().isBehind(), now, pump);
  };

  return {
    start(now) {
      const { isBehind, mayReadOne, wantOne } = reader();
      const probing = health.isHeld();
      const limit =
        isBehind() && slots.liveBusy(now) ? Math.ceil(served.concurrency / 2) : served.concurrency;
      const toLoad: Item[] = [];
      while (inFlight < (probing ? 1 : limit)) {
        if (now < (probing ? health.probeAt() : queue.nextDueAt(now))) break;
        if (!mayBegin(now)) break;
        const mayRead = mayReadOne();
        const item = probing ? queue.probe(now, mayRead) : queue.next(now);
        if (item === undefined) {
          slots.give();
          wantOne(probing && mayRead);
          break;
        }
        inFlight++;
        if (item.event === undefined) toLoad.push(item);
        else void send(item, probing);
      }
      if (toLoad.length > 0) void load(toLoad, probing);
    },
    isSending: () => inFlight > 0,
    async drain(withinMs) {
      if (inFlight === 0) return;
      const late = setTimeout(() => breakOff(breaker), withinMs);
      await new Promise<void>(resolve => {
        drained = resolve;
      });
      clearTimeout(late);
    },
  };
};
