import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import type { AccountsApp, AppDirectory } from './app-directory.ts';
import { type ChosenFinding, chosenDirect, endFinding, followTasks } from './fix-store.ts';
import { type ClaimedJob, endJob, renewJob } from './reconciliation-store.ts';
import { callTimeoutMs } from './run-app-queue.ts';
import { writeExchanges } from './settle-store.ts';

const lookAgainSeconds = 0.5;
const appIsDownSeconds = 10;

/** Closes one account of nobody; true when that is over, with success or with a final no. */
const closeDirectly = async (
  db: Database,
  call: Call,
  app: AccountsApp,
  finding: ChosenFinding,
): Promise<boolean> => {
  const externalId = finding.externalId!;
  let answer: InvokeAnswer;
  try {
    answer = await call(
      'connectors.invoke',
      { id: app.connector, port: 'accounts', method: 'disable', input: [{ externalId }] },
      { timeoutMs: callTimeoutMs(app.guard.timeoutMs) },
    );
  } catch {
    return false;
  }
  if (!answer.ok && answer.skipped) return false;
  await writeExchanges(db, [
    {
      app: app.app.id,
      port: 'accounts',
      method: 'disable',
      outcome: answer.ok ? 'ok' : 'failed',
      externalId,
      durationMs: Math.round(answer.durationMs),
      at: new Date(),
      ...(answer.ok ? {} : { errorCode: answer.code, detail: answer.message }),
    },
  ]);
  // What is gone needs no closing.
  if (answer.ok || answer.code === 'not-found') await endFinding(db, finding.id, { state: 'done' });
  else if (!answer.retryable) await endFinding(db, finding.id, { state: 'open', detail: answer.code });
  else return false;
  return true;
};

/**
 * One round of mending: closes what no task can close, and follows the tasks of the rest. Lets go in between,
 * so that it survives this node; the reconciliation is `fixed` when nothing chosen waits any more.
 */
export const runFix = async (
  context: { db: Database; call: Call; directory: AppDirectory; stopping: () => boolean },
  job: ClaimedJob,
): Promise<void> => {
  const { db, call, directory } = context;
  const app = await directory.find(job.app);
  if (!app?.workable) return endJob(db, job, { againInSeconds: appIsDownSeconds });
  for (const finding of await chosenDirect(db, job.id)) {
    if (context.stopping() || !(await renewJob(db, job))) return endJob(db, job, {});
    if (!(await closeDirectly(db, call, app, finding)))
      return endJob(db, job, { againInSeconds: appIsDownSeconds });
  }
  const waiting = await followTasks(db, job.id, job.app);
  await endJob(db, job, waiting === 0 ? { state: 'fixed' } : { againInSeconds: lookAgainSeconds });
};
