const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits after each failed attempt, as Svix's: about 28 hours together. After the last the event is dead. */
export const retryDelays: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
];

const longestRetryAfter = 24 * hour;

/**
 * How long to wait after the `attempts`th attempt failed (1: the first), in milliseconds; undefined: it is dead.
 * A fifth more or less by chance; never shorter than the receiver asked for. `random` is in [0, 1).
 */
export const nextDelay = (
  attempts: number,
  random: () => number,
  { delays = retryDelays, retryAfterMs = 0 }: { delays?: readonly number[]; retryAfterMs?: number } = {},
): number | undefined => {
  const delay = delays[attempts - 1];
  return delay === undefined ? undefined : Math.round(Math.max(delay * (0.8 + 0.4 * random()), retryAfterMs));
};

/**
 * `Retry-After` (RFC 9110 §10.2.3: seconds or a date) in milliseconds from `now`, at most 24 hours; 0 without one
 * or when it cannot be read.
 */
export const readRetryAfter = (text: string | undefined, now: number): number => {
  if (text === undefined) return 0;
  const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) * second : Date.parse(text) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestRetryAfter);
};
