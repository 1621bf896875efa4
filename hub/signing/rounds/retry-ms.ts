/**
 * How long a round leaves alone what failed: twice as long after each attempt, beginning with twice `firstMs`, and never longer
 * than `longestMs`. Pure.
 */
export const retryMs = (
  attempts: number,
  { firstMs = 1000, longestMs }: { firstMs?: number; longestMs: number },
): number => Math.min(longestMs, firstMs * 2 ** attempts);
