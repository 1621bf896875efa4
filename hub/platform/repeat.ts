import { isDatabaseAway } from '#hub/platform/database.ts';
import type { Log } from '#hub/platform/log.ts';

/** Background work that is done again whenever it is woken, and at the latest after a while. */
export interface Repeater {
  wake(): void;
  /** Resolves when the round under way is done; no further one begins. */
  stop(): Promise<void>;
}

/**
 * Runs `work` round after round, never two at once. It tells after how many milliseconds it wants the next
 * round; a wake-up shortens the wait, but never below `restMs` after the round before (so that what comes in
 * quick succession is taken together). A failure is logged and tried again after a second.
 */
export const repeat = (
  log: Log,
  name: string,
  work: () => Promise<number>,
  { restMs = 0 }: { restMs?: number } = {},
): Repeater => {
  let stopped = false;
  let woken = false;
  let resting = false;
  let away = false;
  let interrupt: (() => void) | undefined;
  const wait = (ms: number): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const rest = async (): Promise<void> => {
    resting = true;
    await wait(restMs);
    resting = false;
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      woken = false;
      let delay: number;
      try {
        delay = await work();
        away = false;
      } catch (error) {
        // One line, not one a second, while the database is away; the readiness check tells the rest.
        if (!isDatabaseAway(error))
          log.error({ err: error, work: name }, 'background work failed and will be tried again');
        else if (!away) log.warn({ work: name }, 'the database is away; tried again every second');
        away = isDatabaseAway(error);
        delay = 1000;
      }
      if (stopped) return;
      if (restMs > 0) await rest();
      if (!stopped && !woken && delay > restMs) await wait(delay - restMs);
    }
  };
  const running = run();
  return {
    wake() {
      woken = true;
      if (!resting) interrupt?.();
    },
    async stop() {
      stopped = true;
      interrupt?.();
      await running;
    },
  };
};
