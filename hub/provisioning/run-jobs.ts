import { setTimeout as pause } from 'node:timers/promises';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import type { AppDirectory } from './app-directory.ts';
import type { Mapping } from './evaluate-mapping.ts';
import { claimJob, endJob } from './reconciliation-store.ts';
import { runFix } from './run-fix.ts';
import { JobInterrupted, runReconciliation } from './run-reconciliation.ts';

const pollMs = 1000;
/** A comparison may be waiting for an app; it begins again elsewhere when its lease ends. */
const stopWithinMs = 10_000;

/** Works on reconciliations, one at a time on each node; a job of a node that is gone is taken over. */
export const startJobs = (
  { db, call, log }: PartContext,
  directory: AppDirectory,
  mapping: Mapping,
): Repeater => {
  let stopped = false;
  const stopping = (): boolean => stopped;
  const repeater = repeat(log, 'reconciliations', async () => {
    const job = await claimJob(db);
    if (job === undefined) return pollMs;
    try {
      if (job.state === 'running') await runReconciliation({ db, call, directory, mapping, stopping }, job);
      else await runFix({ db, call, directory, stopping }, job);
    } catch (error) {
      if (error instanceof JobInterrupted) await endJob(db, job, {});
      else {
        await endJob(db, job, { againInSeconds: 5 });
        throw error;
      }
    }
    return job.state === 'fixing' ? pollMs / 2 : 0;
  });
  return {
    wake: repeater.wake,
    async stop() {
      stopped = true;
      await Promise.race([repeater.stop(), pause(stopWithinMs, undefined, { ref: false })]);
    },
  };
};
