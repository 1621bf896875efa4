import { Counter, Gauge, register } from 'prom-client';
import type { Database } from '#hub/platform/database.ts';
import { streamLags } from './mirror-store.ts';

const rebuildsName = 'lienthong_mirror_rebuilds_total';
const lagName = 'lienthong_mirror_lag_seconds';
let rebuilds: Counter<'stream' | 'reason'> | undefined;

/** Once a stream was found to differ from the log and is made anew. */
export const countRebuild = (stream: string, reason: string): void => rebuilds?.inc({ stream, reason });

/** How far the streams are behind the log, read when `/metrics` is asked for, and how often they were made anew. */
export const publishFigures = (db: Database): void => {
  rebuilds ??= new Counter({
    name: rebuildsName,
    help: 'JetStream streams that differed from the log and were built again',
    labelNames: ['stream', 'reason'] as const,
  });
  // Of the part that was started last: only specs start a second one in the same process.
  register.removeSingleMetric(lagName);
  new Gauge({
    name: lagName,
    help: 'Age of the oldest fact that a JetStream stream has not yet been given',
    labelNames: ['stream'] as const,
    async collect() {
      for (const { stream, seconds } of await streamLags(db).catch(() => [])) this.set({ stream }, seconds);
    },
  });
};
