import { Gauge, register } from 'prom-client';
import type { Database } from '#hub/platform/database.ts';
import { readFigures } from './figures-store.ts';

const lagName = 'lienthong_subscription_lag_seconds';

/** How far each subscription is behind, and what is parked, read when `/metrics` is asked for. */
export const publishFigures = (db: Database): void => {
  if (register.getSingleMetric(lagName) !== undefined) return;
  const parked = new Gauge({
    name: 'lienthong_subscription_parked_events',
    help: 'Events that failed, or wait behind one that failed, by subscription and state',
    labelNames: ['app', 'subscription', 'state'] as const,
  });
  new Gauge({
    name: lagName,
    help: 'Age of the oldest event that a webhook subscription has not dealt with',
    labelNames: ['app', 'subscription', 'state'] as const,
    async collect() {
      this.reset();
      parked.reset();
      for (const { id, app, state, lag, waiting, dead } of await readFigures(db).catch(() => [])) {
        this.set({ app, subscription: id, state }, lag);
        parked.set({ app, subscription: id, state: 'waiting' }, waiting);
        parked.set({ app, subscription: id, state: 'dead' }, dead);
      }
    },
  });
};
