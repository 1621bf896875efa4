import { lastChanges } from '#hub/console/console-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { App } from '#schemas/app.ts';
import type { ConnectorState } from '#schemas/connector.ts';
import type { AppHealth } from '#schemas/provisioning.ts';

/** One app on the page that has accounts. */
export interface GlanceApp {
  id: string;
  name: string;
  state: 'ok' | 'waiting' | 'down' | 'off';
  queue: number;
  /** People whom the app does not know yet, and who wait for their file there. */
  unfiled: number;
  dead: number;
  accounts: number;
  lastSuccessAt?: string;
  lastErrorAt?: string;
  /** A code; the page says it in words. */
  lastError?: string;
}
export interface Glance {
  apps: GlanceApp[];
  /** Apps without a connector: they are told events or read the API, and no account of theirs is kept. */
  readers: { id: string; name: string; enabled: boolean }[];
  staff: { total: number; active: number };
  changes: {
    at: string;
    type: string;
    code: string;
    source: string;
    /** What each app answered last since then. */
    apps: { app: string; outcome: 'ok' | 'failed' | 'unfiled' }[];
  }[];
}

const toGlanceApp = (
  app: App,
  own: AppHealth | undefined,
  connector: ConnectorState | undefined,
): GlanceApp => {
  const queue = (own?.queue.ready ?? 0) + (own?.queue.leased ?? 0);
  const down = connector !== undefined && connector.breaker !== 'closed';
  return {
    id: app.id,
    name: app.name,
    state: app.enabled ? (down ? 'down' : queue > 0 ? 'waiting' : 'ok') : 'off',
    queue,
    unfiled: own?.queue.unfiled ?? 0,
    dead: (own?.queue.dead ?? 0) + (own?.queue.held ?? 0),
    accounts: own?.accounts ?? 0,
    ...(own?.lastSuccessAt === undefined ? {} : { lastSuccessAt: own.lastSuccessAt }),
    ...(own?.lastErrorAt === undefined ? {} : { lastErrorAt: own.lastErrorAt }),
    ...(own?.lastError === undefined ? {} : { lastError: own.lastError.code }),
  };
};

/** Everything that the page shows. It names nobody: that would need a sign-in. */
export const readGlance = async ({ db, call }: Pick<PartContext, 'db' | 'call'>): Promise<Glance> => {
  const [apps, health, connectors, staff, changes] = await Promise.all([
    call('apps.list', {}),
    call('provisioning.health', {}),
    call('connectors.list', {}).catch(() => []),
    call('staff.counts', {}),
    lastChanges(db, 12),
  ]);
  const connectorOf = (id: string | undefined) => connectors.find(connector => connector.id === id);
  const isUnfiled = (app: string, error: string | null): boolean =>
    error === 'not-found' &&
    connectorOf(apps.find(({ id }) => id === app)?.connector)?.createsAccounts === false;
  return {
    staff: { total: staff.total, active: staff.active },
    changes: changes.map(change => ({
      ...change,
      apps: change.apps.map(({ app, outcome, error }) => ({
        app,
        outcome: outcome === 'ok' ? 'ok' : isUnfiled(app, error) ? 'unfiled' : 'failed',
      })),
    })),
    apps: apps
      .filter(app => app.connector !== undefined)
      .map(app =>
        toGlanceApp(
          app,
          health.find(own => own.app === app.id),
          connectorOf(app.connector),
        ),
      ),
    readers: apps
      .filter(app => app.connector === undefined)
      .map(({ id, name, enabled }) => ({ id, name, enabled })),
  };
};
