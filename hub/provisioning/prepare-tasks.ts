import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import type { UnitParents } from '#hub/platform/unit-scope.ts';
import type { Staff } from '#schemas/staff.ts';
import type { DisableAdmission } from './admit-disables.ts';
import type { AccountsApp } from './app-directory.ts';
import { type Desired, desiredAccount, type Mapped, mappingInput } from './desired-account.ts';
import type { Mapping } from './evaluate-mapping.ts';
import type { Job } from './judge-answer.ts';
import { type Plan, planAccount } from './plan-account.ts';
import type { Settlement } from './settlement.ts';
import { type ClaimedTask, loadAccounts } from './task-store.ts';

/** Claimed tasks of one app, planned: what must be called, and what is settled without a call. */
export interface Prepared {
  app: AccountsApp;
  jobs: Job[];
  settled: Settlement[];
}

const snapshotsAtOnce = 200;

/** People as they are now, by id; larger lists are asked for in pieces that fit a message. */
export const loadSnapshots = async (call: Call, ids: string[]): Promise<Map<string, Staff>> => {
  const pieces: string[][] = [];
  for (let from = 0; from < ids.length; from += snapshotsAtOnce)
    pieces.push(ids.slice(from, from + snapshotsAtOnce));
  const answers = await Promise.all(pieces.map(piece => call('staff.snapshots', { ids: piece })));
  return new Map(answers.flat().map(staff => [staff.id, staff]));
};

export type MappedOrFailed = { mapped: Mapped } | { failed: string; reason: string };

/** The mapping's results for these people; no worker is asked when the app has no mapping. */
export const mapPeople = async (
  mapping: Mapping,
  app: AccountsApp,
  people: readonly Staff[],
): Promise<Map<string, MappedOrFailed>> => {
  const expressions = app.app.mapping;
  if (Object.keys(expressions).length === 0) return new Map(people.map(staff => [staff.id, { mapped: {} }]));
  const answers = await mapping.evaluate(
    expressions,
    people.map(staff => mappingInput(staff, app)),
  );
  return new Map(
    people.map((staff, nr) => {
      const answer = answers[nr]!;
      return [staff.id, 'values' in answer ? { mapped: answer.values } : answer];
    }),
  );
};

const nothing = (task: ClaimedTask): Settlement => ({ task, outcome: 'done', attempts: 0 });

const mappingFailed = (task: ClaimedTask, failed: string, reason: string): Settlement => {
  const code = 'mapping-failed';
  return {
    task,
    outcome: 'dead',
    attempts: task.attempts + 1,
    error: { code, message: `the mapping of ${failed} failed: ${reason}` },
    event: { name: 'account.failed', data: { app: task.app, staffId: task.staffId, code } },
  };
};

/** Nobody of the register (it never forgets a person; a task made by hand may name anybody). */
const unknownPerson: Desired = {
  wanted: false,
  gone: true,
  key: { code: '', username: '', name: '' },
  values: {},
  erasable: new Set(),
};

/**
 * Plans claimed tasks from the register as it is now. People and accounts are read once for all apps; then
 * each app's plans are made, and plans that close accounts pass the disable guard.
 */
export const prepareTasks = async (
  context: {
    db: Database;
    call: Call;
    mapping: Mapping;
    admission: DisableAdmission;
    parents: UnitParents;
  },
  tasks: ClaimedTask[],
  apps: ReadonlyMap<string, AccountsApp>,
): Promise<Prepared[]> => {
  const { db, call, mapping, admission, parents } = context;
  const [snapshots, accounts] = await Promise.all([
    loadSnapshots(call, [...new Set(tasks.map(task => task.staffId))]),
    loadAccounts(db, tasks),
  ]);
  const accountOf = new Map(accounts.map(account => [`${account.app}/${account.staffId}`, account]));
  const byApp = Map.groupBy(tasks, task => task.app);

  const prepareApp = async (app: AccountsApp, own: ClaimedTask[]): Promise<Prepared> => {
    const people = own.flatMap(task => snapshots.get(task.staffId) ?? []);
    const mapped = await mapPeople(mapping, app, people);
    const settled: Settlement[] = [];
    const jobs: (Job & { unitId: string | undefined })[] = [];
    for (const task of own) {
      const staff = snapshots.get(task.staffId);
      const result = mapped.get(task.staffId);
      // Closing an account needs no mapped value and must not wait for a correct expression.
      const leaving = staff === undefined || staff.status !== 'active';
      if (result !== undefined && 'failed' in result && !leaving) {
        settled.push(mappingFailed(task, result.failed, result.reason));
        continue;
      }
      const values = result !== undefined && 'mapped' in result ? result.mapped : {};
      const desired = staff === undefined ? unknownPerson : desiredAccount(staff, app, values, parents);
      const account = accountOf.get(`${task.app}/${task.staffId}`);
      const plan: Plan = planAccount(task.staffId, desired, account, {
        forced: task.forced,
        createsAccounts: app.createsAccounts,
      });
      if (plan.kind === 'nothing') settled.push(nothing(task));
      else {
        const { createsAccounts } = app;
        jobs.push({ task, plan, account, createsAccounts, email: staff?.email, unitId: staff?.unitId });
      }
    }
    const closing = jobs.filter(job => job.plan.kind === 'disable');
    if (closing.length === 0) return { app, jobs, settled };
    const { admitted, held } = await admission.admit(app.app, closing);
    for (const { task } of held)
      settled.push({
        task,
        outcome: 'held',
        attempts: task.attempts,
        intent: 'disable',
        error: { code: 'held', message: 'more accounts would be disabled than the guard allows' },
      });
    const passing = new Set(admitted.map(job => job.task));
    return {
      app,
      jobs: jobs.filter(job => job.plan.kind !== 'disable' || passing.has(job.task)),
      settled,
    };
  };

  return Promise.all([...byApp].map(([id, own]) => prepareApp(apps.get(id)!, own)));
};
