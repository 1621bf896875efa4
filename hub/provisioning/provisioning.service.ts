import { worksAlone } from '#hub/platform/config.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { beginning, headOfLog } from '#hub/platform/event-log.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { CreatePart, Part, PartContext } from '#hub/platform/part.ts';
import { adoptAccounts } from './adopt-accounts.ts';
import { createAppDirectory } from './app-directory.ts';
import { tryFailingSoon } from './app-health-store.ts';
import { createMapping } from './evaluate-mapping.ts';
import { dropReadyTasks, ensureReader, placeReader } from './fan-out-store.ts';
import { fixFindings } from './fix-findings.ts';
import { appFaults } from './judge-answer.ts';
import { listExchanges } from './list-exchanges.ts';
import { listDeadLetters, listTasks } from './list-tasks.ts';
import { isUuid } from './page-cursor.ts';
import { provisioningRoutes } from './provisioning.routes.ts';
import { accountsOf } from './query-store.ts';
import { createHealth } from './read-health.ts';
import { reconciliationRoutes } from './reconciliation.routes.ts';
import {
  findReconciliation,
  insertReconciliation,
  listReconciliations,
  releaseJobs,
} from './reconciliation-store.ts';
import { replayTasks } from './replay-tasks.ts';
import { startFanOut } from './run-fan-out.ts';
import { startJobs } from './run-jobs.ts';
import { startReplan } from './run-replan.ts';
import { startWorkers } from './run-workers.ts';
import { showFindings } from './show-findings.ts';
import { expireLeases } from './task-store.ts';

/** What tests hand in: chance, and how far back the disable guard counts. */
export interface ProvisioningOptions {
  random?: () => number;
  disableWindowMs?: number;
}

const defaultDisableWindowMs = 10 * 60_000;

const requireReconciliation = async (db: Database, id: string) => {
  const found = isUuid(id) ? await findReconciliation(db, id) : undefined;
  if (found === undefined) throw new AppError('unknown-reconciliation');
  return found;
};

/** Keeps every app's accounts in step with the register: the part, with what tests may choose. */
export const createProvisioningWith = (
  context: PartContext,
  { random = Math.random, disableWindowMs = defaultDisableWindowMs }: ProvisioningOptions = {},
): Part => {
  const { db, call, wake } = context;
  const directory = createAppDirectory(call, context.log);
  const mapping = createMapping();
  const health = createHealth(db, directory);
  const ends: (() => unknown)[] = [];

  const reconcile = async ({ app, actor }: { app: string; actor: string }) => {
    if ((await directory.find(app)) === undefined) {
      // Perhaps it was registered, or given its connector, just now.
      directory.forget();
      await call('apps.get', { id: app });
      if ((await directory.find(app)) === undefined) throw new AppError('no-accounts', { app });
    }
    const reconciliation = await inTransaction(db, tx => insertReconciliation(tx, app, actor));
    wakeJobs();
    return reconciliation;
  };
  let wakeJobs = (): void => {};

  return {
    name: 'provisioning',
    actions: {
      'provisioning.accounts-of': async ({ staffId }) => (isUuid(staffId) ? accountsOf(db, staffId) : []),
      'provisioning.tasks': filter => listTasks(db, filter),
      'provisioning.dead-letters': filter => listDeadLetters(db, filter),
      'provisioning.replay': async request => {
        const answer = await replayTasks(db, request as Parameters<typeof replayTasks>[1]);
        wake.notify('tasks');
        return answer;
      },
      'provisioning.health': () => health(),
      'provisioning.reconcile': reconcile,
      'provisioning.reconciliations': ({ app }) => listReconciliations(db, app),
      'provisioning.reconciliation': ({ id }) => requireReconciliation(db, id),
      'provisioning.findings': async request => {
        await requireReconciliation(db, request.id);
        return showFindings({ db, call }, request);
      },
      'provisioning.fix': async request => {
        const answer = await fixFindings(db, directory, request);
        wake.notify('tasks');
        wakeJobs();
        return answer;
      },
      'provisioning.exchanges': filter => listExchanges(db, filter),
      'provisioning.adopt': request => adoptAccounts({ db, call, directory, mapping }, request),
      'provisioning.start-from-now': async () => {
        await inTransaction(db, async tx => {
          await placeReader(tx, await headOfLog(tx));
          await dropReadyTasks(tx);
        });
        return { ok: true };
      },
    },
    routes: [...provisioningRoutes(call), ...reconciliationRoutes(call)],
    async start() {
      await ensureReader(db, beginning);
      if (worksAlone(context.config)) {
        while ((await expireLeases(db, { all: true })) > 0);
        await releaseJobs(db);
      }
      const workers = startWorkers(context, directory, mapping, { random, disableWindowMs });
      const fanOut = startFanOut(context, directory);
      const jobs = startJobs(context, directory, mapping);
      const replan = startReplan({ ...context, directory, mapping });
      wakeJobs = jobs.wake;
      ends.push(
        wake.on('events', () => fanOut.wake()),
        wake.on('tasks', () => workers.wake()),
        wake.on('apps', () => {
          directory.forget();
          workers.wake();
          replan.wake();
          tryFailingSoon(db, appFaults).catch(error =>
            context.log.warn({ cause: describeCause(error) }, 'what waits for failing apps keeps its time'),
          );
        }),
        () => Promise.all([fanOut.stop(), jobs.stop(), replan.stop(), workers.stop()]),
        () => mapping.stop(),
      );
    },
    async stop() {
      for (const end of ends.splice(0)) await end();
    },
  };
};

const createProvisioning: CreatePart = context => createProvisioningWith(context);
export default createProvisioning;
