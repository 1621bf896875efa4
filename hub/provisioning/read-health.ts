import type { Database } from '#hub/platform/database.ts';
import type { AppHealth } from '#schemas/provisioning.ts';
import type { AppDirectory } from './app-directory.ts';
import { countAllAccounts, countQueues, type QueueRow, readAppHealth } from './query-store.ts';

const freshMs = 1000;
const accountsFreshMs = 30_000;

/**
 * Every app at a glance. Many may look at once and often: what is counted is at most a second old, the number
 * of accounts (which needs a scan) at most half a minute.
 */
export const createHealth = (db: Database, directory: AppDirectory): (() => Promise<AppHealth[]>) => {
  let accounts = new Map<string, number>();
  let accountsAt = Number.NEGATIVE_INFINITY;
  let last: Promise<AppHealth[]> | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;

  const read = async (): Promise<AppHealth[]> => {
    if (performance.now() - accountsAt > accountsFreshMs) {
      accounts = await countAllAccounts(db);
      accountsAt = performance.now();
    }
    const [apps, queues, answers] = await Promise.all([
      directory.current(),
      countQueues(db),
      readAppHealth(db),
    ]);
    return apps.map(({ app, createsAccounts }) => {
      const own = queues.filter(row => row.app === app.id);
      const find = (state: string): QueueRow | undefined => own.find(row => row.state === state);
      // Where an app makes no accounts, whom it does not know is not in its way: they wait for their file there.
      const unfiled = (state: string): number => (createsAccounts ? 0 : (find(state)?.unfiled ?? 0));
      const count = (state: string): number => (find(state)?.count ?? 0) - unfiled(state);
      const oldest = find('ready')?.oldest;
      return {
        app: app.id,
        queue: {
          ready: count('ready'),
          leased: count('leased'),
          dead: count('dead'),
          held: count('held'),
          unfiled: unfiled('ready') + unfiled('leased'),
        },
        ...(oldest ? { oldestReadyAt: oldest.toISOString() } : {}),
        ...answers.find(row => row.app === app.id),
        accounts: accounts.get(app.id) ?? 0,
      };
    });
  };

  return () => {
    if (last === undefined || performance.now() - lastAt > freshMs) {
      lastAt = performance.now();
      last = read();
      last.catch(() => {
        last = undefined;
      });
    }
    return last;
  };
};
