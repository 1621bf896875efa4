import type { Call } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { Log } from '#hub/platform/log.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import type { AccountsApp } from './app-directory.ts';
import { appFaults, type Job, judgeAnswer } from './judge-answer.ts';
import type { Settlement } from './settlement.ts';
import type { ClaimedTask } from './task-store.ts';

/**
 * The calls of this node to one app: so many in flight as the app allows, and a few prepared behind them. Live
 * changes go before bulk work, also before what is prepared already.
 */
export interface AppQueue {
  /** How many more tasks it can use now, of any kind and if they are live; 0 while the app is to be left alone. */
  room(): { any: number; live: number };
  add(jobs: Job[]): void;
  /** The app's limits and connector may change while the hub runs. */
  use(app: AccountsApp): void;
  /** When it may be asked again; in the past when it may now. */
  pausedUntil(): number;
  /** Calls nothing new, gives back what has not begun, and resolves when the calls in flight have ended. */
  stop(): Promise<void>;
}

/** Above the connector's own timeout: its queue, the way there and back. */
const slackMs = 15_000;
/** What is prepared ahead should be called within this time. */
const aheadMs = 2000;
const defaultPauseMs = 1000;

/** What is claimed should begin to be called within this time, or it goes back. */
const beginWithinMs = 10_000;

export const callTimeoutMs = (timeoutMs: number): number =>
  Math.min(timeoutMs + slackMs, 2 * timeoutMs + 5000);
/**
 * A lease outlives the longest wait for the call: nobody else begins while we still may. No longer, since the
 * work of a node that died waits for its end.
 */
export const leaseMsFor = (timeoutMs: number): number => callTimeoutMs(timeoutMs) + beginWithinMs;

/** Back to where it was, as if it had never been taken. */
export const giveBack = (task: ClaimedTask): Settlement => ({
  task,
  outcome: 'returned',
  attempts: task.attempts,
});

/** What a call that threw means: only the way to the connector can be at fault here. */
const thrown = (error: unknown, durationMs: number, limitMs: number): InvokeAnswer => {
  const failed = { ok: false as const, retryable: true, durationMs };
  if (error instanceof AppError && error.code !== 'not-ready' && error.code !== 'unknown-connector')
    return { ...failed, code: 'unexpected-answer', message: `the connector refused the call: ${error.code}` };
  if (durationMs >= limitMs * 0.9)
    return { ...failed, code: 'timed-out', message: 'the connector did not answer in time' };
  return { ...failed, code: 'unavailable', message: 'no connector node is up', skipped: true };
};

/**
 * `settle` takes every job's end; `low` asks for more tasks. A skipped call (breaker open, pause asked for, no
 * connector) is no attempt: the queue pauses, gives everything back, and begins again with a single call.
 */
export const createAppQueue = (options: {
  app: AccountsApp;
  call: Call;
  log: Log;
  settle: (settlement: Settlement) => void;
  low: () => void;
  random: () => number;
}): AppQueue => {
  const { call, settle, low, random } = options;
  let { app } = options;
  let live: Job[] = [];
  let bulk: Job[] = [];
  const inFlight = new Set<Promise<void>>();
  let pausedUntil = 0;
  let probing = false;
  let stopped = false;
  let averageMs = 20;

  const concurrency = (): number => (probing ? 1 : app.guard.concurrency);
  const capacity = (): number =>
    probing
      ? 1
      : app.guard.concurrency * Math.max(1, Math.min(25, Math.floor(aheadMs / Math.max(averageMs, 1))));

  const invoke = async (job: Job): Promise<InvokeAnswer> => {
    const { plan } = job;
    const started = performance.now();
    const timeoutMs = callTimeoutMs(app.guard.timeoutMs);
    try {
      return await call(
        'connectors.invoke',
        plan.kind === 'disable'
          ? {
              id: app.connector,
              port: 'accounts',
              method: 'disable',
              input: [{ externalId: plan.externalId, code: plan.code }],
            }
          : { id: app.connector, port: 'accounts', method: 'upsert', input: [plan.account] },
        { timeoutMs },
      );
    } catch (error) {
      return thrown(error, performance.now() - started, timeoutMs);
    }
  };

  const giveAllBack = (): void => {
    for (const job of [...live, ...bulk]) settle(giveBack(job.task));
    live = [];
    bulk = [];
  };
  const pauseFor = (ms: number): void => {
    pausedUntil = Math.max(pausedUntil, performance.now() + ms);
    probing = true;
    giveAllBack();
  };

  const run = async (job: Job): Promise<void> => {
    // A call must be over before the lease is: what waited too long goes back.
    if (job.task.leaseUntil.getTime() - Date.now() < callTimeoutMs(app.guard.timeoutMs))
      return settle(giveBack(job.task));
    const answer = await invoke(job);
    if (!answer.ok && answer.skipped) {
      settle(giveBack(job.task));
      return pauseFor(answer.retryAfterMs ?? defaultPauseMs);
    }
    averageMs = averageMs * 0.9 + answer.durationMs * 0.1;
    if (answer.ok || !appFaults.includes(answer.code)) probing = false;
    settle(judgeAnswer(job, answer, random, new Date()));
    if (!answer.ok && answer.code === 'rate-limited') pauseFor(answer.retryAfterMs ?? defaultPauseMs);
  };

  const pump = (): void => {
    while (!stopped && inFlight.size < concurrency()) {
      const job = live.shift() ?? bulk.shift();
      if (job === undefined) return;
      const work: Promise<void> = run(job)
        .catch(error =>
          options.log.error({ cause: describeCause(error), app: app.app.id }, 'a task was left to its lease'),
        )
        .finally(() => {
          inFlight.delete(work);
          pump();
          if ((live.length + bulk.length) * 2 <= capacity()) low();
        });
      inFlight.add(work);
    }
  };

  return {
    room() {
      if (stopped || performance.now() < pausedUntil) return { any: 0, live: 0 };
      const whole = capacity() + (probing ? 0 : concurrency());
      // Half a load at a time: claims of one or two tasks cost as much as claims of a hundred.
      const beside = (taken: number): number => ((whole - taken) * 2 >= whole ? whole - taken : 0);
      const any = beside(live.length + bulk.length + inFlight.size);
      return { any, live: probing ? any : beside(live.length + inFlight.size) };
    },
    add(jobs) {
      if (stopped || performance.now() < pausedUntil) {
        for (const job of jobs) settle(giveBack(job.task));
        return;
      }
      for (const job of jobs) (job.task.bulk ? bulk : live).push(job);
      pump();
    },
    use(next) {
      app = next;
    },
    pausedUntil: () => pausedUntil,
    async stop() {
      stopped = true;
      giveAllBack();
      await Promise.all(inFlight);
    },
  };
};
