/** So many requests a second, in bursts of a tenth of a second at most. */
export interface RateLimit {
  /** 0 when one may go now; otherwise in how many milliseconds. */
  take(now: number): number;
}

/** `rate` null: no limit. Times of a clock that is never set. */
export const createRateLimit = (rate: number | null, start: number): RateLimit => {
  let allowance = 1;
  let at = start;
  return {
    take(now) {
      if (rate === null) return 0;
      allowance = Math.min(Math.max(1, rate / 10), allowance + ((now - at) * rate) / 1000);
      at = now;
      if (allowance < 1) return ((1 - allowance) * 1000) / rate;
      allowance--;
      return 0;
    },
  };
};
