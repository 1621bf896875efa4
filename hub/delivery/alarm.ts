import type { DeliveryClock } from './delivery-clock.ts';

/** Rings once at a moment of the running clock. */
export interface Alarm {
  /** One that is set already is only set earlier: a ring that finds nothing to do costs less than setting it. */
  set(at: number): void;
  clear(): void;
}

export const createAlarm = (clock: DeliveryClock, ring: () => void): Alarm => {
  let timer: NodeJS.Timeout | undefined;
  let setTo = Number.POSITIVE_INFINITY;
  return {
    set(at) {
      if (at >= setTo) return;
      clearTimeout(timer);
      setTo = at;
      timer = setTimeout(() => {
        setTo = Number.POSITIVE_INFINITY;
        ring();
      }, at - clock.elapsed());
    },
    clear: () => clearTimeout(timer),
  };
};
