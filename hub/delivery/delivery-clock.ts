/** Two clocks: the one on the wall may be set forth and back, the other only runs. Milliseconds. */
export interface DeliveryClock {
  /** Since 1970: what is stored, shown and sent. */
  now(): number;
  /** Since some moment: what waits are measured with. */
  elapsed(): number;
}

export const systemClock: DeliveryClock = { now: () => Date.now(), elapsed: () => performance.now() };
