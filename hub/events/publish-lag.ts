import { Gauge, register } from 'prom-client';
import type { Database } from '#hub/platform/database.ts';
import { readLags } from './consumer-store.ts';

const name = 'lienthong_event_consumer_lag_seconds';

/** How long the oldest event behind each consumer's place has waited, read when `/metrics` is asked for. */
export const publishLag = (db: Database): void => {
  register.removeSingleMetric(name);
  new Gauge({
    name,
    help: 'Age of the oldest event that a consumer has not acknowledged or passed, by app and consumer',
    labelNames: ['app', 'consumer'] as const,
    async collect() {
      const lags = await readLags(db).catch(() => undefined);
      if (lags === undefined) return;
      this.reset();
      for (const { owner, name: consumer, seconds } of lags) this.set({ app: owner, consumer }, seconds);
    },
  });
};
