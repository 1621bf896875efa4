import { setTimeout as pause } from 'node:timers/promises';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import { createDisableAdmission } from './admit-disables.ts';
import type { AccountsApp, AppDirectory } from './app-directory.ts';
import type { Mapping } from './evaluate-mapping.ts';
import { prepareTasks } from './prepare-tasks.ts';
import { type AppQueue, createAppQueue, giveBack, leaseMsFor } from './run-app-queue.ts';
import { createSettler } from './settler.ts';
import { type ClaimedTask, type ClaimWish, claimTasks, expireLeases } from './task-store.ts';

/** The background work of one hub node: claims tasks, plans them, and hands them to each app's queue. */
export interface Workers {
  /** New tasks may be there. */
  wake(): void;
  stop(): Promise<void>;
}

const pollMs = 500;
const expireEveryMs = 2000;
const mostAtOnce = 200;
const stopWithinMs = 10_000;

/**
 * One claim serves all apps of the node, so that a person who is due in six apps is read once. Apps that
 * pause, are full or were found empty are left out; an app that is down therefore costs the others nothing.
 */
export const startWorkers = (
  context: PartContext,
  directory: AppDirectory,
  mapping: Mapping,
  options: { random: () => number; disableWindowMs: number },
): Workers => {
  const { db, call, log } = context;
  const settler = createSettler(context);
  const admission = createDisableAdmission(context, options.disableWindowMs);
  const queues = new Map<string, AppQueue>();
  /** Apps with fewer due tasks, or fewer live ones, than was asked for: asked again at the next wake-up or poll. */
  const empty = new Set<string>();
  const noLive = new Set<string>();
  let wakes = 0;
  let stopping = false;

  const queueOf = (app: AccountsApp): AppQueue => {
    let queue = queues.get(app.app.id);
    if (queue === undefined) {
      const low = (): void => {
        if (!empty.has(app.app.id)) repeater.wake();
      };
      const settle = (settlement: Parameters<typeof settler.add>[0]): void => settler.add(settlement);
      queue = createAppQueue({ app, call, log, settle, low, random: options.random });
      queues.set(app.app.id, queue);
    }
    queue.use(app);
    return queue;
  };

  const handOut = async (tasks: ClaimedTask[], apps: ReadonlyMap<string, AccountsApp>): Promise<void> => {
    try {
      const parents = await directory.unitParents();
      for (const { app, jobs, settled } of await prepareTasks(
        { db, call, mapping, admission, parents },
        tasks,
        apps,
      )) {
        for (const settlement of settled) settler.add(settlement);
        queueOf(app).add(jobs);
      }
    } catch (error) {
      // The register cannot be asked: everything goes back as it was.
      for (const task of tasks) settler.add(giveBack(task));
      throw error;
    }
  };

  const wishOf = (app: AccountsApp): ClaimWish[] => {
    const { id } = app.app;
    if (empty.has(id)) return [];
    const { any, live } = queueOf(app).room();
    const fill = Math.min(mostAtOnce, any);
    const limit = noLive.has(id) ? fill : Math.min(mostAtOnce, live);
    return limit === 0 ? [] : [{ app: id, limit, fill, leaseMs: leaseMsFor(app.guard.timeoutMs) }];
  };

  const round = async (): Promise<number> => {
    const apps = new Map(
      (await directory.current()).filter(app => app.workable).map(app => [app.app.id, app]),
    );
    const wishes = [...apps.values()].flatMap(wishOf);
    if (wishes.length > 0 && !stopping) {
      const before = wakes;
      const tasks = await claimTasks(db, wishes);
      const found = Map.groupBy(tasks, task => task.app);
      // Whoever was woken while the claim was under way does not know whether it saw what they were woken for.
      for (const { app, limit, fill } of before === wakes ? wishes : []) {
        const own = found.get(app) ?? [];
        if (own.length < fill) empty.add(app);
        if (own.filter(task => !task.bulk).length < limit) noLive.add(app);
      }
      if (tasks.length > 0) await handOut(tasks, apps);
      if (wishes.some(wish => wishOf(apps.get(wish.app)!).length > 0)) return 0;
    }
    const now = performance.now();
    const resumes = [...queues.values()].map(queue => queue.pausedUntil() - now).filter(ms => ms > 0);
    return Math.min(pollMs, ...resumes.map(ms => ms + 5));
  };

  let lastLook = performance.now();
  const repeater: Repeater = repeat(log, 'provisioning tasks', async () => {
    // The poll: a wake-up may have been lost, and waits may have ended.
    if (performance.now() - lastLook >= pollMs) {
      lastLook = performance.now();
      empty.clear();
      noLive.clear();
    }
    return round();
  });
  const expiry = repeat(log, 'expired leases', async () => {
    if ((await expireLeases(db)) > 0) wake();
    return expireEveryMs;
  });
  const wake = (): void => {
    wakes += 1;
    empty.clear();
    noLive.clear();
    repeater.wake();
  };

  return {
    wake,
    async stop() {
      stopping = true;
      await Promise.all([repeater.stop(), expiry.stop()]);
      const over = new AbortController();
      const finish = Promise.all([...queues.values()].map(queue => queue.stop())).then(() =>
        settler.drained(),
      );
      await Promise.race([finish, pause(stopWithinMs, undefined, { signal: over.signal }).catch(() => {})]);
      over.abort();
    },
  };
};
