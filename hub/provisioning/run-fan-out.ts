import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import type { AppDirectory } from './app-directory.ts';
import { fanOutOnce } from './fan-out.ts';

/** Events that come within this time are taken together. */
const restMs = 20;
/**
 * After a wake-up the event may not be readable yet: a transaction that began earlier may still be open. So it
 * looks again soon, then ever later, and at last only as often as a lost wake-up may cost.
 */
const waits = [25, 50, 100, 200, 500];

/** Reads the log for as long as the part runs; on several nodes only one reads at a time. */
export const startFanOut = ({ db, call, log, wake }: PartContext, directory: AppDirectory): Repeater => {
  let quiet = waits.length - 1;
  const repeater = repeat(
    log,
    'fan-out of events',
    async () => {
      for (;;) {
        const apps = await directory.current();
        const step = await fanOutOnce(db, call, apps);
        if (step === 'idle') break;
        if (step === 'worked') wake.notify('tasks');
        quiet = 0;
      }
      const wait = waits[quiet]!;
      quiet = Math.min(quiet + 1, waits.length - 1);
      return wait;
    },
    { restMs },
  );
  return {
    wake() {
      quiet = 0;
      repeater.wake();
    },
    stop: repeater.stop,
  };
};
