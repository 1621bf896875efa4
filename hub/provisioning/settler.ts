import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { Log } from '#hub/platform/log.ts';
import type { Wake } from '#hub/platform/wake.ts';
import { settleTasks, wakeWaiting } from './settle-tasks.ts';
import type { Settlement } from './settlement.ts';

/** Collects what became of tasks and writes it in batches. */
export interface Settler {
  add(settlement: Settlement): void;
  /** Resolves when everything added so far is written, or given up. */
  drained(): Promise<void>;
}

const flushAfterMs = 15;
const batchSize = 100;
/** As long as a lease: what could not be written until then is done again by whoever claims it next. */
const attemptsToWrite = 60;

const isTransient = (error: unknown): boolean => {
  const code = (error as { code?: string }).code ?? '';
  // Deadlock, serialization, connection and shutdown classes, and errors of the socket itself.
  return /^(40|08|57|53)/.test(code) || /^E[A-Z]+$/.test(code) || code === '';
};

/** One batch is written at a time; addresses to be confirmed are told to the register first, beside it. */
export const createSettler = (context: { db: Database; call: Call; log: Log; wake: Wake }): Settler => {
  const { db, call, log, wake } = context;
  const waiting: Settlement[] = [];
  const confirming: Settlement[] = [];
  const under = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let writing = false;
  let confirmingNow = false;

  const track = (work: Promise<void>): void => {
    under.add(work);
    void work.finally(() => under.delete(work));
  };

  const recover = async (apps: string[]): Promise<void> => {
    for (const app of apps) {
      log.info({ app }, 'the app answers again; what waited for it is tried now');
      await wakeWaiting(db, app).catch(error =>
        log.error({ cause: describeCause(error), app }, 'could not wake waiting tasks'),
      );
    }
    if (apps.length > 0) wake.notify('tasks');
  };

  const write = async (batch: Settlement[]): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const { events, recovered, again } = await settleTasks(db, batch);
        if (events > 0) wake.notify('events');
        if (again) wake.notify('tasks');
        return await recover(recovered);
      } catch (error) {
        if (isTransient(error) && attempt < attemptsToWrite) {
          await pause(Math.min(1000, 50 * attempt));
          continue;
        }
        // One bad row must not take the others with it.
        if (!isTransient(error) && batch.length > 1) {
          for (const one of batch) await write([one]);
          return;
        }
        log.error(
          { cause: describeCause(error), tasks: batch.length },
          'outcomes could not be written; leases will expire',
        );
        return;
      }
    }
  };

  const flush = async (): Promise<void> => {
    if (writing) return;
    writing = true;
    try {
      while (waiting.length > 0) {
        const batch = waiting.splice(0, batchSize);
        await write(batch);
      }
    } finally {
      writing = false;
    }
  };

  const schedule = (): void => {
    if (waiting.length >= batchSize) {
      clearTimeout(timer);
      timer = undefined;
      track(flush());
    } else if (timer === undefined && !writing)
      timer = setTimeout(() => {
        timer = undefined;
        track(flush());
      }, flushAfterMs);
  };

  const put = (settlement: Settlement): void => {
    waiting.push(settlement);
    schedule();
  };

  /** Told first and settled after: a crash in between repeats both, and neither is ever left out. */
  const confirm = async (): Promise<void> => {
    if (confirmingNow) return;
    confirmingNow = true;
    while (confirming.length > 0) {
      const batch = confirming.splice(0, batchSize);
      const addresses = batch.map(one => ({ staffId: one.task.staffId, email: one.confirmedEmail! }));
      try {
        await call('staff.confirm-email', { addresses, source: `app/${batch[0]!.task.app}` });
        wake.notify('events');
        batch.forEach(put);
      } catch (error) {
        log.warn(
          { cause: describeCause(error), people: batch.length },
          'confirmed mail addresses could not be told yet',
        );
        const message = 'the register could not take the confirmed mail address';
        for (const { task, exchange } of batch)
          put({
            task,
            exchange,
            outcome: 'retry',
            attempts: 0,
            delayMs: 2000,
            error: { code: 'register-unavailable', message },
          });
      }
    }
    confirmingNow = false;
  };

  return {
    add(settlement) {
      if (settlement.confirmedEmail === undefined) return put(settlement);
      confirming.push(settlement);
      track(confirm());
    },
    async drained() {
      while (under.size > 0 || waiting.length > 0 || confirming.length > 0) {
        if (under.size === 0) track(confirming.length > 0 ? confirm() : flush());
        await Promise.all(under);
      }
    },
  };
};
