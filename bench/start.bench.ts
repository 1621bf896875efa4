import { setTimeout as pause } from 'node:timers/promises';
import { makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { type Figure, figure, round } from '#bench/support/figure.ts';

/** From `npm start` to `/readyz` on an empty and on an existing data directory, and what it then takes idle. */
export const run = async (staff: number): Promise<Figure[]> => {
  const dataDir = makeDataDir();
  try {
    const first = await startBenchHub({ dataDir, staff });
    const firstMs = first.readyMs;
    await first.stop();
    const again = await startBenchHub({ dataDir, staff });
    const againMs = again.readyMs;
    await pause(10_000);
    const { now } = again.memory();
    await again.stop();
    return [
      figure(
        `start on an empty data directory (${staff} staff)`,
        `${round(firstMs / 1000)} s`,
        '< 40 s',
        firstMs < 40_000,
      ),
      figure('start on an existing one', `${round(againMs / 1000)} s`, '< 10 s', againMs < 10_000),
      figure('idle memory of the hub process, 10 s later', `${round(now, 0)} MB`, '< 300 MB', now < 300),
    ];
  } finally {
    removeDataDir(dataDir);
  }
};
