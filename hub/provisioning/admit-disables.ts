import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { Log } from '#hub/platform/log.ts';
import type { App } from '#schemas/app.ts';
import { admitDisables } from './disable-guard.ts';
import { countAccounts, lockGuard, markDisables, recentDisables } from './guard-store.ts';
import type { ClaimedTask } from './task-store.ts';

/** A task whose plan is to close an account. */
export interface DisableCandidate {
  task: ClaimedTask;
  unitId: string | undefined;
}

export interface DisableAdmission {
  admit<T extends DisableCandidate>(app: App, candidates: T[]): Promise<{ admitted: T[]; held: T[] }>;
}

const countsFreshMs = 60_000;
const totalFreshMs = 10_000;
const warnEveryMs = 60_000;

/**
 * The guard on live traffic, decided after planning and before the call, by one node at a time for an app, and
 * kept in the task rows so that every node counts the same:
 * - what was let pass within the window and comes again (a retry) passes and counts once;
 * - what a person confirmed (`provisioning.replay` of held tasks) passes and counts not at all;
 * - what was held stays held until a person decides, or the plan is no closing any more;
 * - the rest passes as far as `admitDisables` allows.
 */
export const createDisableAdmission = (
  context: { db: Database; call: Call; log: Log },
  windowMs: number,
): DisableAdmission => {
  const { db, call, log } = context;
  let byUnit: ReadonlyMap<string, number> | undefined;
  let countedAt = Number.NEGATIVE_INFINITY;
  const totals = new Map<string, { count: number; at: number }>();
  const warnedAt = new Map<string, number>();

  /** Counting reads every account of the app: not for each leaver anew. */
  const accountsOf = async (app: string): Promise<number> => {
    const known = totals.get(app);
    if (known !== undefined && performance.now() - known.at < totalFreshMs) return known.count;
    const count = await countAccounts(db, app);
    totals.set(app, { count, at: performance.now() });
    return count;
  };

  const unitCounts = async (): Promise<ReadonlyMap<string, number> | undefined> => {
    if (performance.now() - countedAt < countsFreshMs) return byUnit;
    try {
      const counts = await call('staff.counts', { byUnit: true });
      byUnit = counts.byUnit === undefined ? undefined : new Map(Object.entries(counts.byUnit));
      countedAt = performance.now();
    } catch (error) {
      log.debug({ err: error }, 'people by unit are not known; only the app as a whole is guarded');
    }
    return byUnit;
  };

  return {
    async admit(app, candidates) {
      const passing = candidates.filter(one => one.task.confirmed);
      const stopped = candidates.filter(one => !one.task.confirmed && one.task.held);
      const asking = candidates.filter(one => !one.task.confirmed && !one.task.held);
      if (asking.length === 0) return { admitted: passing, held: stopped };
      const [units, total] = await Promise.all([unitCounts(), accountsOf(app.id)]);
      const decided = await inTransaction(db, async tx => {
        await lockGuard(tx, app.id);
        const staffIds = asking.map(one => one.task.staffId);
        const recent = await recentDisables(tx, app.id, staffIds, windowMs);
        const again = asking.filter(one => recent.already.has(one.task.staffId));
        const { admitted, held } = admitDisables(
          app.disableGuard,
          asking.filter(one => !recent.already.has(one.task.staffId)),
          recent.byUnit,
          { total, byUnit: units },
        );
        await markDisables(
          tx,
          app.id,
          admitted.map(one => ({ staffId: one.task.staffId, unitId: one.unitId })),
        );
        return { admitted: [...again, ...admitted], held };
      });
      if (
        decided.held.length > 0 &&
        performance.now() - (warnedAt.get(app.id) ?? -warnEveryMs) >= warnEveryMs
      ) {
        warnedAt.set(app.id, performance.now());
        log.warn(
          { app: app.id, held: decided.held.length, guard: app.disableGuard },
          'more accounts would be disabled than the guard allows; the further ones are held until released',
        );
      }
      return { admitted: [...passing, ...decided.admitted], held: [...stopped, ...decided.held] };
    },
  };
};
