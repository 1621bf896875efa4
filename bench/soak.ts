import { setTimeout as pause } from 'node:timers/promises';
import { makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { makeChanges, pushChanges } from '#bench/support/change-people.ts';
import { leaveAppsAlone, makeApi, subscribe, writePast } from '#bench/support/event-load.ts';
import { round } from '#bench/support/figure.ts';
import { runSubscribers } from '#bench/support/run-subscribers.ts';

// `npm run soak`: a million events (or as many as the argument says) to one webhook each, and the hub's memory on the way.

const total = Number(process.argv[2] ?? 1_000_000);
const step = 20_000;

const dataDir = makeDataDir();
const hub = await startBenchHub({ dataDir, staff: 300 });
try {
  const api = makeApi(hub);
  await leaveAppsAlone(hub);
  await pushChanges(hub, await hub.token(), makeChanges(300, 10, 1));
  const subscribers = await runSubscribers({ origin: hub.origin, token: '', streams: 0, pulls: 0, nats: [] });
  await subscribe(api, 'portal', `${subscribers.origin}/hook/webhook`);
  let arrived = 0;
  const began = performance.now();
  for (let written = 0; written < total; ) {
    await writePast(hub, step);
    written += step;
    while (arrived < written) {
      await pause(100);
      arrived += (await subscribers.report()).webhook?.count ?? 0;
    }
    if (written % (total / 10) !== 0) continue;
    const { now, peak } = hub.memory();
    const rate = arrived / ((performance.now() - began) / 1000);
    process.stdout.write(
      `${arrived} events, ${round(rate, 0)}/s, memory ${round(now, 0)} MB (most ${round(peak, 0)} MB)\n`,
    );
  }
  subscribers.stop();
} finally {
  await hub.stop();
  removeDataDir(dataDir);
}
