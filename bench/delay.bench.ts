import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type BenchHub, makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { countOpen, isRead, makeChanges, pushChanges } from '#bench/support/change-people.ts';
import { type Figure, figure, median, round } from '#bench/support/figure.ts';

const staff = 3000;
const perSecond = 100;
const tick = 10;

/** Commit to the app's answer, per app, in milliseconds: 99th percentile of every delivery since `since`. */
const delays = async (hub: BenchHub, since: Date): Promise<Record<string, number>> => {
  const { rows } = await sql<{ app: string; p99: number }>`
    select app, percentile_cont(0.99) within group (order by extract(epoch from at - fact_at) * 1000)::float as p99
    from exchange where at >= ${since} and outcome = 'ok' and fact_at is not null group by app`.execute(
    hub.db,
  );
  return Object.fromEntries(rows.map(row => [row.app, row.p99]));
};

/** A steady stream of changes, each of another person in turn. */
const stream = async (hub: BenchHub, token: string, seconds: number, first: number): Promise<void> => {
  const pushes: Promise<void>[] = [];
  const began = performance.now();
  const people = 2000;
  for (let nr = 0; nr < (seconds * perSecond) / tick; nr++) {
    const at = (nr * tick) % people;
    const changes = makeCached(first + Math.floor((nr * tick) / people)).slice(at, at + tick);
    pushes.push(pushChanges(hub, token, changes));
    const due = began + ((nr + 1) * 1000 * tick) / perSecond;
    await pause(Math.max(0, due - performance.now()));
  }
  await Promise.all(pushes);
};
const made = new Map<number, ReturnType<typeof makeChanges>>();
const makeCached = (nr: number): ReturnType<typeof makeChanges> => {
  if (!made.has(nr)) made.set(nr, makeChanges(staff, 2000, nr));
  return made.get(nr)!;
};

const settle = async (hub: BenchHub, except?: string): Promise<void> => {
  while (!(await isRead(hub)) || (await countOpen(hub, except)) > 0) await pause(50);
};
const tellPortal = (hub: BenchHub, mode: 'ok' | 'down'): Promise<unknown> =>
  fetch(`${hub.apps.portal}/_faults`, { method: 'POST', body: JSON.stringify({ mode }) });

const rounds = 4;
const worst = (of: Record<string, number>): number => Math.max(...Object.values(of));
const without = (of: Record<string, number>, left: string): Record<string, number> =>
  Object.fromEntries(Object.entries(of).filter(([app]) => app !== left));

/**
 * Delay from commit to app at 100 changes a second: six healthy apps, then five while the sixth is down, in turns,
 * so that a noisy minute of the machine falls on both. Each side is the median of its rounds.
 */
export const run = async (seconds: number): Promise<Figure[]> => {
  const dataDir = makeDataDir();
  const hub = await startBenchHub({ dataDir, staff });
  const healthy: Record<string, number>[] = [];
  const others: Record<string, number>[] = [];
  try {
    const token = await hub.token();
    await stream(hub, token, 5, 1);
    await settle(hub);
    for (let nr = 0; nr < rounds; nr++) {
      const healthyFrom = new Date();
      await stream(hub, token, seconds / rounds, 10 + nr * 20);
      await settle(hub);
      healthy.push(await delays(hub, healthyFrom));
      await tellPortal(hub, 'down');
      const downFrom = new Date();
      await stream(hub, token, seconds / rounds, 20 + nr * 20);
      await settle(hub, 'portal');
      others.push(without(await delays(hub, downFrom), 'portal'));
      await tellPortal(hub, 'ok');
      await settle(hub);
    }
    const usual = median(healthy.map(worst));
    const five = median(healthy.map(of => worst(without(of, 'portal'))));
    const fiveAlone = median(others.map(worst));
    const change = (fiveAlone / five - 1) * 100;
    return [
      figure(
        `commit to app at ${perSecond} changes/s, p99 of the slowest app`,
        `${round(usual, 0)} ms (${healthy.map(of => round(worst(of), 0)).join(', ')})`,
        '< 1000 ms',
        usual < 1000,
      ),
      figure(
        'the same for five apps while the portal is down',
        `${round(fiveAlone, 0)} ms, ${change >= 0 ? '+' : ''}${round(change, 0)} % (${others.map(of => round(worst(of), 0)).join(', ')})`,
        'within 20 %',
        change <= 20,
      ),
    ];
  } finally {
    await hub.stop();
    removeDataDir(dataDir);
  }
};
