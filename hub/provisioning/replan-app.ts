import { createHash } from 'node:crypto';
import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { Log } from '#hub/platform/log.ts';
import type { Staff } from '#schemas/staff.ts';
import type { AccountsApp, AppDirectory } from './app-directory.ts';
import { desiredAccount } from './desired-account.ts';
import type { Mapping } from './evaluate-mapping.ts';
import { upsertTasks } from './fan-out-store.ts';
import { planAccount } from './plan-account.ts';
import { mapPeople } from './prepare-tasks.ts';
import { type AppRulesMark, markRules, moveMark, readMarks } from './replan-store.ts';
import { loadAccounts } from './task-store.ts';

/** What planning anew needs. */
export interface ReplanContext {
  db: Database;
  call: Call;
  log: Log;
  directory: AppDirectory;
  mapping: Mapping;
}

const peopleAtOnce = 250;

/** A number of everything that a plan depends on besides the person: not the app's address, name or limits. */
export const rulesDigest = ({ app, connector, holds, createsAccounts }: AccountsApp): string => {
  const { attributes, unitIds } = app.entitlement;
  const rules = {
    connector,
    createsAccounts,
    attributes: [...new Set(attributes)].sort(),
    unitIds: unitIds && [...new Set(unitIds)].sort(),
    mapping: Object.entries(app.mapping).sort(([a], [b]) => (a < b ? -1 : 1)),
    holds: [...holds].sort(),
  };
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex');
};

/** Whose account would be written otherwise than it was. A mapping that fails for somebody writes nothing. */
const concerned = async (
  { db, directory, mapping, log }: ReplanContext,
  app: AccountsApp,
  people: Staff[],
): Promise<string[]> => {
  const keys = people.map(staff => ({ app: app.app.id, staffId: staff.id }));
  const [mapped, rows, parents] = await Promise.all([
    mapPeople(mapping, app, people),
    loadAccounts(db, keys),
    directory.unitParents(),
  ]);
  const accounts = new Map(rows.map(row => [row.staffId, row]));
  const failed = people.filter(staff => 'failed' in mapped.get(staff.id)!);
  if (failed.length > 0)
    log.warn({ app: app.app.id, people: failed.length }, 'a mapping fails: these accounts stay as they are');
  return people.flatMap(staff => {
    const result = mapped.get(staff.id)!;
    if ('failed' in result) return [];
    const desired = desiredAccount(staff, app, result.mapped, parents);
    const { kind } = planAccount(staff.id, desired, accounts.get(staff.id), app);
    return kind === 'nothing' ? [] : [staff.id];
  });
};

/** Plans one page of the register for an app; only who is concerned gets a task, so the app is not called for the rest. */
const replanPage = async (context: ReplanContext, app: AccountsApp, mark: AppRulesMark): Promise<void> => {
  const page = await context.call('staff.search', {
    limit: peopleAtOnce,
    ...(mark.replanFrom ? { cursor: mark.replanFrom } : {}),
  });
  const staffIds = await concerned(context, app, page.items);
  await inTransaction(context.db, async tx => {
    if (!(await moveMark(tx, mark, page.next ?? null))) return;
    await upsertTasks(
      tx,
      staffIds.map(staffId => ({ app: app.app.id, staffId, at: null, bulk: true })),
    );
  });
};

/**
 * One step of keeping everybody in step with an app's rules (entitlement, mapping, what its connector holds):
 * when they have changed, all people of the register are planned anew, page by page, on whichever node. An app
 * that is met for the first time is only noted: whom it lacks is for a reconciliation to find and a person to
 * decide. `worked`: there is more to do.
 */
export const replanOnce = async (context: ReplanContext): Promise<'idle' | 'worked'> => {
  const { db, directory } = context;
  const apps = (await directory.current()).filter(app => app.workable);
  const marks = new Map((await readMarks(db)).map(mark => [mark.app, mark]));
  let worked = false;
  for (const app of apps) {
    const mark = marks.get(app.app.id);
    const digest = rulesDigest(app);
    if (mark?.digest !== digest) {
      await markRules(db, app.app.id, digest);
      worked ||= mark !== undefined;
    } else if (mark.replanFrom !== null) {
      await replanPage(context, app, mark);
      worked = true;
    }
  }
  return worked ? 'worked' : 'idle';
};
