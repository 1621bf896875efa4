/** How a receiver has answered of late. Times in milliseconds of a clock that is never set. */
export interface Circuit {
  /** In a row, without a success. */
  failures: number;
  /** How long the probe under way was waited for. */
  waitMs: number;
  /** When it may be tried again while it is held. */
  probeAt: number;
}

/** So many failures in a row, and the subscription is held. */
export const holdAfter = 10;
const shortestWaitMs = 1000;
const longestWaitMs = 60_000;

export const isHeld = ({ failures }: Circuit): boolean => failures >= holdAfter;

/** At the start; a receiver that failed before is tried at once. */
export const openCircuit = (failures: number): Circuit => ({ failures, waitMs: 0, probeAt: 0 });

export const afterSuccess = (): Circuit => openCircuit(0);

/**
 * Each failed probe doubles the wait, up to a minute, less up to a quarter by chance. What was under way when the
 * circuit opened is no probe. `retryAfterMs`: never sooner than the receiver asked for.
 */
export const afterFailure = (
  circuit: Circuit,
  now: number,
  random: () => number,
  { retryAfterMs = 0, firstWaitMs = shortestWaitMs }: { retryAfterMs?: number; firstWaitMs?: number } = {},
): Circuit => {
  const failures = circuit.failures + 1;
  if (failures < holdAfter || circuit.probeAt > now) return { ...circuit, failures };
  const waitMs = Math.min(longestWaitMs, Math.max(firstWaitMs, circuit.waitMs * 2));
  return { failures, waitMs, probeAt: now + Math.max(waitMs * (1 - random() / 4), retryAfterMs) };
};
