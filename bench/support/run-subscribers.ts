import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Arrivals, Orders } from '#bench/support/subscribers.ts';

/** The process that plays subscribers. */
export interface Subscribers {
  /** Where its webhook receiver listens. */
  origin: string;
  /** What arrived since the last report, by channel. */
  report(): Promise<Record<string, Arrivals>>;
  /** Begins to keep the bodies posted to `/keep/…`; `bodies` gives them and ends it. */
  keep(): Promise<void>;
  bodies(): Promise<string[]>;
  stop(): void;
}

export const runSubscribers = async (orders: Orders): Promise<Subscribers> => {
  const child: ChildProcess = fork(join(import.meta.dirname, 'subscribers.ts'), [JSON.stringify(orders)]);
  const [port] = await once(child, 'message');
  const ask = async <T>(order: string): Promise<T> => {
    child.send(order);
    const [answer] = await once(child, 'message');
    return answer as T;
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    report: () => ask('report'),
    keep: () => ask('keep'),
    bodies: () => ask('bodies'),
    stop: () => child.disconnect(),
  };
};
