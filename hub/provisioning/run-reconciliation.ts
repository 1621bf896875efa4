import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { readEvents } from '#hub/platform/event-log.ts';
import type { AppAccount } from '#schemas/account.ts';
import type { Staff } from '#schemas/staff.ts';
import type { AccountsApp, AppDirectory } from './app-directory.ts';
import {
  countVerdicts,
  type Different,
  type Pair,
  unequalPairs,
  weighAccounts,
  writeDifferences,
  writeVerdicts,
} from './classify-store.ts';
import { type Differences, differences, withErased } from './compare-accounts.ts';
import { desiredAccount } from './desired-account.ts';
import type { Mapping } from './evaluate-mapping.ts';
import { readerPlace } from './fan-out-store.ts';
import { invokePatiently } from './invoke-patiently.ts';
import { loadSnapshots, mapPeople } from './prepare-tasks.ts';
import { type ClaimedJob, endJob, renewJob } from './reconciliation-store.ts';
import { clearStage, stageAccounts, stagePeople, unstagedLinks } from './stage-store.ts';
import { loadAccounts } from './task-store.ts';

/** What the job needs; `stopping` is asked between pages. */
export interface ReconciliationContext {
  db: Database;
  call: Call;
  directory: AppDirectory;
  mapping: Mapping;
  stopping: () => boolean;
}

/** The job was taken over, or this node stops: somebody else begins again. */
export class JobInterrupted extends Error {}

const pageSize = 500;
const pairsAtOnce = 1000;
const caughtUpWithinMs = 10_000;
const connectorWithinMs = 20_000;

interface AccountsPage {
  items: AppAccount[];
  next?: string;
}

/** The app's accounts, page by page: how many, or the error code when the app does not give them. */
const stageApp = async (
  { db, call }: ReconciliationContext,
  app: AccountsApp,
  id: string,
  heartbeat: () => Promise<void>,
): Promise<number | string> => {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const input = [{ limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }];
    const answer = await invokePatiently(
      call,
      { id: app.connector, port: 'accounts', method: 'list', input },
      { timeoutMs: app.guard.timeoutMs, heartbeat },
    );
    if (!answer.ok) return answer.code;
    const page = answer.result as AccountsPage;
    await stageAccounts(db, id, page.items);
    for (const { externalId } of page.items) seen.add(externalId);
    if (page.next !== undefined && page.next === cursor) return 'unexpected-answer';
    cursor = page.next;
  } while (cursor !== undefined);
  return seen.size;
};

const stageSome = async (
  { db, directory, mapping }: ReconciliationContext,
  app: AccountsApp,
  id: string,
  people: Staff[],
): Promise<void> => {
  const parents = await directory.unitParents();
  const keys = people.map(staff => ({ app: app.app.id, staffId: staff.id }));
  const [mapped, accounts] = await Promise.all([mapPeople(mapping, app, people), loadAccounts(db, keys)]);
  const givenTo = new Map(accounts.map(account => [account.staffId, account.given]));
  await stagePeople(
    db,
    id,
    people.map(staff => {
      const result = mapped.get(staff.id)!;
      const should = desiredAccount(staff, app, 'mapped' in result ? result.mapped : {}, parents);
      const desired = withErased(should.values, should.erasable, givenTo.get(staff.id));
      const { id: staffId, code, username, unitId = null } = staff;
      return { staffId, code, username, unitId, wanted: should.wanted, desired };
    }),
  );
};

const stageRegister = async (
  context: ReconciliationContext,
  app: AccountsApp,
  id: string,
  heartbeat: () => Promise<void>,
): Promise<number> => {
  const met = new Set<string>();
  let cursor: string | undefined;
  do {
    await heartbeat();
    const page = await context.call('staff.search', {
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    await stageSome(context, app, id, page.items);
    for (const staff of page.items) met.add(staff.id);
    cursor = page.next;
  } while (cursor !== undefined);
  const left = await unstagedLinks(context.db, id, app.app.id);
  const late = await loadSnapshots(context.call, left);
  if (late.size > 0) await stageSome(context, app, id, [...late.values()]);
  return met.size + late.size;
};

/** Changes that are in the register but not yet in the tasks would look like differences. */
const waitForFanOut = async (db: Database): Promise<void> => {
  const until = performance.now() + caughtUpWithinMs;
  while (performance.now() < until) {
    const { events } = await readEvents(db, { after: await readerPlace(db), limit: 1 });
    if (events.length === 0) return;
    await pause(50);
  }
};

/** The app; for a while, until its connector is up: after a start or a change of the app that takes a moment. */
const findWorkable = async (
  directory: AppDirectory,
  id: string,
  heartbeat: () => Promise<void>,
): Promise<AccountsApp | undefined> => {
  const until = performance.now() + connectorWithinMs;
  // Somebody asks now: whether the app is switched on is not to be told from memory.
  directory.forget();
  for (;;) {
    const app = await directory.find(id);
    if (app === undefined || app.workable || !app.app.enabled || performance.now() > until) return app;
    await heartbeat();
    await pause(250, undefined, { ref: false });
  }
};

const judgePair = (pair: Pair): Different | undefined => {
  const { staffId, unitId, externalId } = pair;
  const enabled: Differences =
    pair.enabled === pair.wanted ? {} : { enabled: { app: pair.enabled, register: pair.wanted } };
  if (!pair.wanted) return { staffId, unitId, externalId, differences: enabled, action: 'disable' };
  const found = { ...enabled, ...differences(pair.has, pair.desired) };
  if (Object.keys(found).length === 0 && pair.linked) return undefined;
  const detail = pair.linked ? {} : { detail: 'the account is not linked yet' };
  return { staffId, unitId, externalId, differences: found, action: 'update', ...detail };
};

const classify = (
  db: Database,
  job: ClaimedJob,
  app: AccountsApp,
  since: Date,
  staged: { accounts: number; people: number },
): Promise<void> =>
  inTransaction(db, async tx => {
    if (!(await renewJob(tx, job))) throw new JobInterrupted();
    await weighAccounts(tx, job.id, job.app, since);
    await writeVerdicts(tx, job.id, app.createsAccounts);
    let after: string | undefined;
    for (;;) {
      const pairs = await unequalPairs(tx, job.id, after, pairsAtOnce);
      await writeDifferences(
        tx,
        job.id,
        pairs.flatMap(pair => judgePair(pair) ?? []),
      );
      if (pairs.length < pairsAtOnce) break;
      after = pairs.at(-1)!.externalId;
    }
    const { counts, unitAccounts } = await countVerdicts(tx, job.id);
    // A database that crashed in between has emptied the unlogged stage: half a listing proves nothing.
    if (counts.accounts !== staged.accounts || counts.people !== staged.people) throw new JobInterrupted();
    await clearStage(tx, job.id, false);
    await endJob(tx, job, { state: 'done', counts, unitAccounts });
  });

/**
 * Compares one app with the register and keeps what it found. Reads only: nothing is sent to the app but
 * listings. An interrupted run begins again from the beginning, on this node or another.
 */
export const runReconciliation = async (context: ReconciliationContext, job: ClaimedJob): Promise<void> => {
  const { db, directory } = context;
  const since = new Date();
  const heartbeat = async (): Promise<void> => {
    if (context.stopping() || !(await renewJob(db, job))) throw new JobInterrupted();
  };
  const fail = async (error: string): Promise<void> => {
    await clearStage(db, job.id, true);
    await endJob(db, job, { state: 'failed', error });
  };
  const app = await findWorkable(directory, job.app, heartbeat);
  if (app === undefined) return fail('unknown-app');
  if (!app.workable) return fail('unavailable');
  await clearStage(db, job.id, true);
  const accounts = await stageApp(context, app, job.id, heartbeat);
  if (typeof accounts === 'string') return fail(accounts);
  const people = await stageRegister(context, app, job.id, heartbeat);
  await waitForFanOut(db);
  await classify(db, job, app, since, { accounts, people });
};
