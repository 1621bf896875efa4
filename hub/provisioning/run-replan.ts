import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import type { Wake } from '#hub/platform/wake.ts';
import { type ReplanContext, replanOnce } from './replan-app.ts';

/** A lost wake-up may cost this. */
const pollMs = 5000;
/** Leaves the register and the database to others in between. */
const restMs = 50;

/** Watches the rules of apps for as long as the part runs, see `replanOnce`. */
export const startReplan = (context: ReplanContext & { wake: Wake }): Repeater =>
  repeat(
    context.log,
    'planning anew',
    async () => {
      if ((await replanOnce(context)) === 'idle') return pollMs;
      context.wake.notify('tasks');
      return restMs;
    },
    { restMs },
  );
