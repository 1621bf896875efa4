import type { Call } from '#hub/platform/calls.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { Log } from '#hub/platform/log.ts';
import type { UnitParents } from '#hub/platform/unit-scope.ts';
import { accountAttributes } from '#schemas/account.ts';
import type { App } from '#schemas/app.ts';
import { type GuardSettings, guardDefaults } from '#schemas/connector.ts';
import type { AppRules } from './desired-account.ts';

/** An app that has accounts, with what planning and calling need. */
export interface AccountsApp extends AppRules {
  app: App;
  connector: string;
  guard: Pick<GuardSettings, 'timeoutMs' | 'concurrency'>;
  /** Enabled, and its connector is known: its tasks may be worked on. Otherwise they wait. */
  workable: boolean;
}

export interface AppDirectory {
  /** Every app that has or may have accounts; at most two seconds old. */
  current(): Promise<AccountsApp[]>;
  find(id: string): Promise<AccountsApp | undefined>;
  /** The tree of units; empty when no app's entitlement speaks of units. */
  unitParents(): Promise<UnitParents>;
  /** Forget what is known: an app was changed. */
  forget(): void;
}

interface KnownConnector {
  ports: string[];
  holds: ReadonlySet<string>;
  createsAccounts: boolean;
}

const freshMs = 2000;
const unitsFreshMs = 30_000;

/**
 * What this node knows of apps and connectors. A connector stays known after its node went away, so that a
 * restart there changes no plan; an app whose connector was never seen keeps its tasks.
 */
export const createAppDirectory = (call: Call, log: Log): AppDirectory => {
  const connectors = new Map<string, KnownConnector>();
  let apps: AccountsApp[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<AccountsApp[]> | undefined;
  let parents: UnitParents = new Map();
  let parentsAt = Number.NEGATIVE_INFINITY;

  const learnConnectors = async (): Promise<void> => {
    try {
      for (const state of await call('connectors.list', {}))
        connectors.set(state.id, {
          ports: state.ports,
          holds: new Set(state.accountAttributes),
          createsAccounts: state.createsAccounts,
        });
    } catch (error) {
      log.debug({ cause: describeCause(error) }, 'no connector node answers; what is known stays');
    }
  };

  const toAccountsApp = (app: App): AccountsApp[] => {
    if (app.connector === undefined) return [];
    const known = connectors.get(app.connector);
    if (known && !known.ports.includes('accounts')) return [];
    return [
      {
        app,
        connector: app.connector,
        guard: {
          timeoutMs: app.guard.timeoutMs ?? guardDefaults.timeoutMs,
          concurrency: app.guard.concurrency ?? guardDefaults.concurrency,
        },
        // Nothing is planned before the connector is known, but accounts are adopted: with all that they may have.
        holds: known?.holds ?? new Set(accountAttributes),
        createsAccounts: known?.createsAccounts ?? true,
        workable: app.enabled && known !== undefined,
      },
    ];
  };

  const read = async (): Promise<AccountsApp[]> => {
    const started = performance.now();
    const [all] = await Promise.all([call('apps.list', {}), learnConnectors()]);
    apps = all.flatMap(toAccountsApp);
    readAt = started;
    return apps;
  };

  const current = async (): Promise<AccountsApp[]> => {
    if (performance.now() - readAt < freshMs) return apps;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    current,
    find: async id => (await current()).find(one => one.app.id === id),
    async unitParents() {
      if (!(await current()).some(one => one.app.entitlement.unitIds !== undefined)) return parents;
      if (performance.now() - parentsAt < unitsFreshMs) return parents;
      // With those that are no more: people stay in a merged unit until the HR source moves them.
      const units = await call('units.latest', {});
      parents = new Map(units.map(unit => [unit.id, unit.parentId]));
      parentsAt = performance.now();
      return parents;
    },
    forget() {
      readAt = Number.NEGATIVE_INFINITY;
      parentsAt = Number.NEGATIVE_INFINITY;
    },
  };
};
