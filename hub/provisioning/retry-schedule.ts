const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Upper limits of the waits between attempts: about two and a half days together, then a person must look. */
export const retryDelays = [
  second,
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
  10 * hour,
] as const;

/** Where the slow part begins: for what minutes do not mend (a person whom the app does not know yet). */
export const slowPart = 4;

const shortest = 100;

/**
 * How long to wait after the `attempts`th attempt failed (1: the first), in milliseconds; undefined: give up.
 * `slow` is never given up: nobody is at fault, and there is no end to how long it may take.
 * Full jitter: anything up to the schedule's limit, so that tasks which failed together do not come back
 * together. `retryAfterMs`, when the app says how long, is never cut short. `random` is in [0, 1).
 */
export const nextDelay = (
  attempts: number,
  random: () => number,
  { slow = false, retryAfterMs = 0 }: { slow?: boolean; retryAfterMs?: number } = {},
): number | undefined => {
  const limit = slow
    ? (retryDelays[attempts - 1 + slowPart] ?? retryDelays.at(-1))
    : retryDelays[attempts - 1];
  if (limit === undefined) return undefined;
  const jittered = Math.max(shortest, random() * limit);
  return Math.round(retryAfterMs > 0 ? retryAfterMs + jittered / 10 : jittered);
};
