import { isDatabaseAway } from '#hub/platform/database.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
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
 * quick succession is taken together). A failure is tried again after a second; the log tells when it begins and when
 * it is over, not every time.
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
  /** What the last round failed with. */
  let failure: string | undefined;
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
        if (failure !== undefined) log.info({ work: name }, 'background work goes on');
        failure = undefined;
      } catch (error) {
        const away = isDatabaseAway(error);
        const now = away ? 'the database is away' : String(error);
        if (now !== failure && away)
          log.warn({ work: name }, 'the database is away; tried again every second');
        else if (now !== failure)
          log.error(
            { cause: describeCause(error), work: name },
            'background work failed; tried again every second',
          );
        failure = now;
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
