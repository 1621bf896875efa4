import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type BenchHub, makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { countOpen, isRead, makeChanges, pushChanges } from '#bench/support/change-people.ts';
import { type Figure, figure, median, round } from '#bench/support/figure.ts';

const batch = 100;

/** Wall milliseconds per change through register and apps: the median of batches, each waited for. */
const costOf = async (hub: BenchHub, staff: number, count: number): Promise<number> => {
  // Both begin at rest: what the first load left to be tidied is not a cost of the change.
  await sql`vacuum analyze`.execute(hub.db);
  await sql`checkpoint`.execute(hub.db);
  const token = await hub.token();
  const changes = makeChanges(staff, count, 7);
  const costs: number[] = [];
  for (let at = 0; at < changes.length; at += batch) {
    const began = performance.now();
    await pushChanges(hub, token, changes.slice(at, at + batch));
    while (!(await isRead(hub)) || (await countOpen(hub)) > 0) await pause(5);
    costs.push((performance.now() - began) / batch);
  }
  // The first ones warm up.
  return median(costs.slice(2));
};

/** What one change costs with a large register against a small one, both hubs in the same run. */
export const run = async (large: number, count: number): Promise<Figure[]> => {
  const cost: Record<number, number> = {};
  for (const staff of [3000, large]) {
    const dataDir = makeDataDir();
    const hub = await startBenchHub({ dataDir, staff });
    try {
      cost[staff] = await costOf(hub, staff, count);
    } finally {
      await hub.stop();
      removeDataDir(dataDir);
    }
  }
  const ratio = cost[large]! / cost[3000]!;
  return [
    figure(
      `cost of a change at ${large} staff against 3,000`,
      `${round(cost[large]!, 2)} / ${round(cost[3000]!, 2)} ms = ${round(ratio, 2)} ×`,
      '≤ 1.2 ×',
      ratio <= 1.2,
    ),
  ];
};
