import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type BenchHub, makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { countOpen, isRead, makeChanges, pushChanges } from '#bench/support/change-people.ts';
import { type Figure, figure, round } from '#bench/support/figure.ts';

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

/** Delay from commit to app at 100 changes a second: six healthy apps, then five while the sixth is down. */
export const run = async (seconds: number): Promise<Figure[]> => {
  const dataDir = makeDataDir();
  const hub = await startBenchHub({ dataDir, staff });
  try {
    const token = await hub.token();
    await stream(hub, token, 5, 1);
    while (!(await isRead(hub)) || (await countOpen(hub)) > 0) await pause(50);
    const healthyFrom = new Date();
    await stream(hub, token, seconds, 10);
    while (!(await isRead(hub)) || (await countOpen(hub)) > 0) await pause(50);
    const healthy = await delays(hub, healthyFrom);
    await fetch(`${hub.apps.portal}/_faults`, { method: 'POST', body: JSON.stringify({ mode: 'down' }) });
    const downFrom = new Date();
    await stream(hub, token, seconds, 50);
    while (!(await isRead(hub)) || (await countOpen(hub, 'portal')) > 0) await pause(50);
    const others = await delays(hub, downFrom);
    delete others.portal;
    const worst = (of: Record<string, number>, without?: string): number =>
      Math.max(...Object.entries(of).flatMap(([app, value]) => (app === without ? [] : [value])));
    const change = (worst(others) / worst(healthy, 'portal') - 1) * 100;
    const each = (of: Record<string, number>): string =>
      Object.entries(of)
        .map(([app, value]) => `${app} ${round(value, 0)}`)
        .join(', ');
    return [
      figure(
        `commit to app at ${perSecond} changes/s, p99 of the slowest app`,
        `${round(worst(healthy), 0)} ms (${each(healthy)})`,
        '< 1000 ms',
        worst(healthy) < 1000,
      ),
      figure(
        'the same for five apps while the portal is down',
        `${round(worst(others), 0)} ms, ${change >= 0 ? '+' : ''}${round(change, 0)} %`,
        'within 20 %',
        change <= 20,
      ),
    ];
  } finally {
    await hub.stop();
    removeDataDir(dataDir);
  }
};
