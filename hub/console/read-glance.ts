import { lastChanges } from '#hub/console/console-store.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** One app on the page. */
export interface GlanceApp {
  id: string;
  name: string;
  state: 'ok' | 'waiting' | 'down' | 'off';
  queue: number;
  dead: number;
  accounts: number;
  lastSuccessAt?: string;
  lastErrorAt?: string;
  lastError?: string;
}
export interface Glance {
  apps: GlanceApp[];
  staff: { total: number; active: number };
  changes: {
    at: string;
    type: string;
    code: string;
    source: string;
    apps: { app: string; outcome: string }[];
  }[];
}

/** Everything that the page shows. It names nobody: that would need a sign-in. */
export const readGlance = async ({ db, call }: Pick<PartContext, 'db' | 'call'>): Promise<Glance> => {
  const [apps, health, connectors, staff, changes] = await Promise.all([
    call('apps.list', {}),
    call('provisioning.health', {}),
    call('connectors.list', {}).catch(() => []),
    call('staff.counts', {}),
    lastChanges(db, 12),
  ]);
  return {
    staff: { total: staff.total, active: staff.active },
    changes,
    apps: apps
      .filter(app => app.connector !== undefined)
      .map(app => {
        const own = health.find(({ app: id }) => id === app.id);
        const connector = connectors.find(({ id }) => id === app.connector);
        const queue = (own?.queue.ready ?? 0) + (own?.queue.leased ?? 0);
        const down = connector !== undefined && connector.breaker !== 'closed';
        return {
          id: app.id,
          name: app.name,
          state: app.enabled ? (down ? 'down' : queue > 0 ? 'waiting' : 'ok') : 'off',
          queue,
          dead: (own?.queue.dead ?? 0) + (own?.queue.held ?? 0),
          accounts: own?.accounts ?? 0,
          ...(own?.lastSuccessAt === undefined ? {} : { lastSuccessAt: own.lastSuccessAt }),
          ...(own?.lastErrorAt === undefined ? {} : { lastErrorAt: own.lastErrorAt }),
          ...(own?.lastError === undefined ? {} : { lastError: own.lastError.code }),
        };
      }),
  };
};
