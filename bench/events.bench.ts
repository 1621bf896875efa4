import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type BenchHub, makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { makeChanges, pushChanges } from '#bench/support/change-people.ts';
import {
  type Api,
  leaveAppsAlone,
  makeApi,
  subscribe,
  webhooksAtOnce,
  writeFacts,
  writePast,
} from '#bench/support/event-load.ts';
import { type Figure, figure, round } from '#bench/support/figure.ts';
import { runSubscribers, type Subscribers } from '#bench/support/run-subscribers.ts';
import type { Arrivals, NatsAccess } from '#bench/support/subscribers.ts';

const staff = 3000;
const perChannel = 5;

/** So many events a second through the register, for so long. */
const produce = async (hub: BenchHub, perSecond: number, seconds: number, first: number) => {
  const token = await hub.token();
  const perPush = perSecond / 10;
  const pushes: Promise<void>[] = [];
  const began = performance.now();
  for (let nr = 0; nr < seconds * 10; nr++) {
    const at = (nr * perPush) % staff;
    const lap = first + Math.floor((nr * perPush) / staff);
    pushes.push(pushChanges(hub, token, makeCached(lap).slice(at, at + perPush)));
    await pause(Math.max(0, began + (nr + 1) * 100 - performance.now()));
  }
  await Promise.all(pushes);
};
const made = new Map<number, ReturnType<typeof makeChanges>>();
const makeCached = (lap: number): ReturnType<typeof makeChanges> => {
  if (!made.has(lap)) made.set(lap, makeChanges(staff, staff, lap));
  return made.get(lap)!;
};

/** Until nothing has arrived for a second: what one phase left behind is no delay of the next. */
const untilQuiet = async (subscribers: Subscribers): Promise<void> => {
  do await pause(1000);
  while (Object.keys(await subscribers.report()).length > 0);
};

const worstP99 = (seen: Record<string, Arrivals>): number =>
  Math.max(...Object.values(seen).map(({ p99 }) => p99));
const describe = (seen: Record<string, Arrivals>): string =>
  Object.entries(seen)
    .map(([channel, { p99 }]) => `${channel} ${round(p99, 0)}`)
    .join(', ');

/** Posts the bodies as fast as `webhooksAtOnce` kept connections can. Per second. */
const postBare = async (url: string, bodies: string[]): Promise<number> => {
  const agent = new Agent({ keepAlive: true, maxSockets: webhooksAtOnce });
  const post = (body: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      request(url, { method: 'POST', agent, headers }, answer => {
        answer.resume();
        answer.on('end', resolve);
      })
        .on('error', reject)
        .end(body);
    });
  const began = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: webhooksAtOnce }, async () => {
      while (next < bodies.length) await post(bodies[next++]!);
    }),
  );
  agent.destroy();
  return bodies.length / ((performance.now() - began) / 1000);
};

const waitFor = async (subscribers: Subscribers, channel: string, count: number): Promise<void> => {
  for (let seen = 0; seen < count; await pause(20)) seen += (await subscribers.report())[channel]?.count ?? 0;
};

/** Webhooks out of a long past against a bare client that posts the same bodies to the same receiver. */
const measureRate = async (api: Api, subscribers: Subscribers, count: number): Promise<Figure> => {
  await subscribers.keep();
  const kept = await subscribe(api, 'portal', `${subscribers.origin}/keep/keep`, { from: 'beginning' });
  await waitFor(subscribers, 'keep', count);
  await api('DELETE', `/subscriptions/${kept}`);
  const bodies = (await subscribers.bodies()).slice(0, count);
  const hub: number[] = [];
  const bare: number[] = [];
  for (let nr = 0; nr < 3; nr++) {
    const began = performance.now();
    const id = await subscribe(api, 'portal', `${subscribers.origin}/hook/rate`, { from: 'beginning' });
    await waitFor(subscribers, 'rate', count);
    hub.push(count / ((performance.now() - began) / 1000));
    await api('DELETE', `/subscriptions/${id}`);
    await pause(1000);
    await subscribers.report();
    bare.push(await postBare(`${subscribers.origin}/hook/bare`, bodies));
    await subscribers.report();
  }
  const best = (of: number[]): number => of.toSorted((a, b) => a - b)[1]!;
  const share = (best(hub) / best(bare)) * 100;
  return figure(
    `webhooks/s against a bare client, the same ${count} bodies, ${webhooksAtOnce} at once`,
    `${round(best(hub), 0)} / ${round(best(bare), 0)} = ${round(share, 0)} %`,
    '≥ 50 %',
    share >= 50,
  );
};

/** Subscribers of mixed channels, and what a resync and a dead one cost the others. */
export const run = async (seconds: number, past: number): Promise<Figure[]> => {
  const dataDir = makeDataDir();
  const hub = await startBenchHub({ dataDir, staff });
  let subscribers: Subscribers | undefined;
  try {
    const token = await hub.token();
    const api = makeApi(hub);
    await leaveAppsAlone(hub);
    await pushChanges(hub, token, makeCached(1).slice(0, 10));
    await writePast(hub, past);
    const apps = ['portal', 'directives', 'operations-page', 'document-system', 'mail'];
    const nats: NatsAccess[] = [];
    for (const app of apps) nats.push(await api('PUT', `/apps/${app}/nats`, { enabled: true }));
    // The servers know the users, and the streams hold the past, after some seconds.
    await pause(15_000);
    subscribers = await runSubscribers({
      origin: hub.origin,
      token,
      streams: perChannel,
      pulls: perChannel,
      nats,
    });
    const { origin } = subscribers;
    const ids: string[] = [];
    for (const app of apps)
      ids.push(await subscribe(api, app, `${origin}/hook/webhook`, { concurrency: 16 }));
    await produce(hub, 100, 3, 2);
    await untilQuiet(subscribers);

    await writeFacts(hub, 500, seconds);
    await pause(1500);
    const sustained = await subscribers.report();
    await untilQuiet(subscribers);

    const began = performance.now();
    await produce(hub, 500, seconds, 10);
    const reached = (500 * seconds) / ((performance.now() - began) / 1000);
    await pause(1500);
    const registered = await subscribers.report();
    await untilQuiet(subscribers);

    const gentle = Math.min(seconds, 20);
    await produce(hub, 100, gentle, 40);
    await pause(1000);
    const usual = await subscribers.report();

    const dead = await subscribe(api, 'portal', 'http://127.0.0.1:9/closed');
    await produce(hub, 100, gentle, 50);
    await pause(1000);
    const besideDead = await subscribers.report();
    await api('DELETE', `/subscriptions/${dead}`);

    await subscribe(api, 'mail', `${origin}/hook/resync`, { from: 'beginning' });
    await pause(500);
    await produce(hub, 100, gentle, 60);
    await pause(1000);
    const { resync, ...besideResync } = await subscribers.report();

    for (const id of ids) await api('DELETE', `/subscriptions/${id}`);
    const rate = await measureRate(api, subscribers, Math.min(past, 10_000));
    const resyncCost = worstP99(besideResync) / worstP99(usual);
    return [
      figure(
        `500 events/s to ${4 * perChannel} subscribers, p99 from commit to delivery`,
        `${round(worstP99(sustained), 0)} ms (${describe(sustained)})`,
        '< 1000 ms',
        worstP99(sustained) < 1000,
      ),
      figure(
        'the same while the register makes them, 500 changes/s wanted',
        `${round(worstP99(registered), 0)} ms (${describe(registered)}) at ${round(reached, 0)} changes/s`,
        '< 1000 ms',
        worstP99(registered) < 1000 && reached >= 475,
      ),
      rate,
      figure(
        `p99 of the others at 100 events/s while one reads ${past} events again`,
        `${round(worstP99(besideResync), 0)} / ${round(worstP99(usual), 0)} ms = ${round(resyncCost, 2)} × (${resync?.count} re-read)`,
        '≤ 2 ×',
        resyncCost <= 2,
      ),
      figure(
        'p99 of the others while one subscriber is dead',
        `${round(worstP99(besideDead), 0)} / ${round(worstP99(usual), 0)} ms`,
        'the same',
        worstP99(besideDead) <= worstP99(usual) * 1.2,
      ),
    ];
  } finally {
    subscribers?.stop();
    await hub.stop();
    removeDataDir(dataDir);
  }
};
