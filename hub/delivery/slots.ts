/**
 * How many requests to subscribers this process has under way, over all subscriptions. Who finds no slot is called
 * when one is free, the longest waiting first.
 */
export interface Slots {
  /** `low`: it reads an older part of the log, and goes behind those at the head. */
  take(low: boolean, now: number, wake: () => void): boolean;
  give(): void;
  /** Whether subscriptions at the head were busy within the last second. */
  liveBusy(now: number): boolean;
}

const liveMs = 1000;

export const createSlots = (limit: number): Slots => {
  let used = 0;
  let liveAt = Number.NEGATIVE_INFINITY;
  const waiting = new Set<() => void>();
  return {
    take(low, now, wake) {
      if (used >= (low ? Math.ceil(limit / 2) : limit)) {
        waiting.add(wake);
        return false;
      }
      if (!low) liveAt = now;
      used++;
      return true;
    },
    give() {
      used--;
      const [first] = waiting;
      if (first === undefined) return;
      waiting.delete(first);
      first();
    },
    liveBusy: now => now - liveAt < liveMs,
  };
};
