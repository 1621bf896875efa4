/** Counts failures by key and tells when a key has had too many. */
export interface FailureLimit {
  /** Seconds until the key may try again; 0 when it may now. */
  waitFor(key: string): number;
  failed(key: string): void;
  succeeded(key: string): void;
}

/**
 * A fixed window for each key, in this process's memory: N nodes allow N times as much, which is still
 * nothing against 256 random bits. Bounded: when `capacity` keys are counted the oldest is forgotten.
 * `now` gives milliseconds.
 */
export const limitFailures = ({
  most = 10,
  windowMs = 60_000,
  capacity = 20_000,
  now = () => performance.now(),
}: {
  most?: number;
  windowMs?: number;
  capacity?: number;
  now?: () => number;
} = {}): FailureLimit => {
  const windows = new Map<string, { failures: number; endsAt: number }>();
  const current = (key: string): { failures: number; endsAt: number } | undefined => {
    const window = windows.get(key);
    if (window === undefined || window.endsAt > now()) return window;
    windows.delete(key);
    return undefined;
  };
  return {
    waitFor(key) {
      const window = current(key);
      return window === undefined || window.failures < most ? 0 : Math.ceil((window.endsAt - now()) / 1000);
    },
    failed(key) {
      const window = current(key);
      if (window !== undefined) window.failures += 1;
      else {
        if (windows.size >= capacity) windows.delete(windows.keys().next().value!);
        windows.set(key, { failures: 1, endsAt: now() + windowMs });
      }
    },
    succeeded(key) {
      windows.delete(key);
    },
  };
};
