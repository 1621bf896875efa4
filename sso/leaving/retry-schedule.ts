const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long after a failed attempt the next one is made, in milliseconds; then every hour. */
const waits = [5 * second, 30 * second, 2 * minute, 10 * minute, hour];
/** An app that takes nothing for so long is given up; its own sessions have ended by then. */
const patience = 72 * hour;

/** When to try again after `attempts` failures, the notice being `age` milliseconds old; undefined: no more. Pure. */
export const retryAfter = (attempts: number, age: number): number | undefined =>
  age >= patience ? undefined : (waits[attempts - 1] ?? hour);
