import { type Database, isDatabaseAway } from '#hub/platform/database.ts';
import type { Log } from '#hub/platform/log.ts';
import {
  type AttemptRow,
  type Mark,
  type ParkedPut,
  type Settlement,
  writeSettlement,
} from './settle-store.ts';

/** What one subscription wants written. */
export interface Outcome {
  mark: Mark;
  put: ParkedPut[];
  remove: Settlement['remove'];
}

/** Who collects outcomes: the server of one subscription. */
export interface Settles {
  /** What is to be written now; undefined when nothing is, or the subscription is no longer served here. */
  collect(): Outcome | undefined;
}

/** Writes the outcomes of all subscriptions of this node together, a few times a second. */
export interface Flusher {
  attempted(row: AttemptRow): void;
  /** Something of this subscription is to be written. */
  note(one: Settles): void;
  /** Resolves when everything noted so far is written. */
  flush(): Promise<void>;
  /** False while the database is away: what is sent now could not be noted. */
  healthy(): boolean;
  stop(): Promise<void>;
}

const everyMs = 100;
/** A quarter of what may be read ahead: a fast receiver does not wait for its mark. */
const attemptsAtOnce = 125;
const againMs = 500;

export const createFlusher = (db: Database, node: string, log: Log): Flusher => {
  let attempts: AttemptRow[] = [];
  const noted = new Set<Settles>();
  /** What could not be written, to be written first. */
  let left: Settlement | undefined;
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let broken = false;
  let stopped = false;

  const gather = (): Settlement => {
    const outcomes = [...noted].flatMap(one => one.collect() ?? []);
    noted.clear();
    const gathered = {
      marks: outcomes.map(({ mark }) => mark),
      put: outcomes.flatMap(({ put }) => put),
      remove: outcomes.flatMap(({ remove }) => remove),
      attempts,
    };
    attempts = [];
    return gathered;
  };

  const write = async (): Promise<void> => {
    const settlement = left ?? gather();
    try {
      await writeSettlement(db, node, settlement);
      left = undefined;
      broken = false;
    } catch (error) {
      left = settlement;
      if (!broken)
        log.warn(
          { err: isDatabaseAway(error) ? undefined : error },
          'webhooks wait: their outcome cannot be written',
        );
      broken = true;
    }
  };

  const later = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void run();
    }, ms);
  };

  const run = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined;
      if (stopped) return;
      if (broken) later(againMs);
      else if (attempts.length >= attemptsAtOnce) void run();
      else if (noted.size > 0 || attempts.length > 0) later(everyMs);
    });
    return writing;
  };

  return {
    attempted(row) {
      attempts.push(row);
      if (attempts.length >= attemptsAtOnce && !broken) void run();
    },
    note(one) {
      noted.add(one);
      later(everyMs);
    },
    async flush() {
      // What is being written now may have been gathered before the last was noted.
      await writing;
      do await run();
      while (!broken && (noted.size > 0 || attempts.length > 0));
    },
    healthy: () => !broken,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await this.flush();
    },
  };
};
