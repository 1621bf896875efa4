import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { type Received, type Receiver, startReceiver, verify } from '#tests/delivery/receiver.ts';
import { connectApp } from '#tests/mirror/app-client.ts';
import { startTestNats, type TestNats } from '#tests/mirror/nats-server.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { fetchToken, keepTokens, type Tokens } from './call-hub.ts';
import { type Changes, changePeople } from './change-people.ts';
import { checkArrivals, type Fact, type Subscriber } from './check-arrivals.ts';
import { committedFacts } from './committed-facts.ts';
import { consumeStream, followStream, type Puller, readPages, workOnLeases } from './pull-subscribers.ts';
import { type HubPlan, type RunningHub, runHub, stopHubs } from './run-hub.ts';

const until = { withinMs: 60_000, everyMs: 100 };
const untilAllHaveCome = { withinMs: 120_000, everyMs: 250 };

/** An app without a right to pay and phone numbers, and one with. */
const attributes = {
  directory: ['code', 'name', 'unitId', 'title'],
  payroll: ['code', 'name', 'unitId', 'title', 'phone', 'rank', 'grade', 'coefficient', 'coefficientFrom'],
};
type App = keyof typeof attributes;
/** What both listen to: of units and accounts they hear nothing. */
const eventTypes = ['staff.joined', 'staff.moved', 'staff.updated', 'salary.changed'];

/** What docs/subscribe.md promises to such an app, said with nothing of the hub's code. */
const maySee =
  (app: App) =>
  ({ name, changed }: Fact): boolean => {
    if (!eventTypes.includes(name)) return false;
    if (name === 'salary.changed') return app === 'payroll';
    return name !== 'staff.updated' || changed.some(one => attributes[app].includes(one));
  };

describe('Subscribers on every channel of a hub that is killed and loses its NATS', function () {
  // Longer than all waits of a test together (650 s), those in the helpers too: the one that gives up says for what.
  this.timeout(720_000);
  let folder: string;
  let plan: HubPlan;
  let nats: TestNats;
  let hub: RunningHub;
  let changes: Changes;
  const webhooks = new Map<string, { id: string; app: App; receiver: Receiver; secret: string }>();
  const pullers = new Map<string, { app: App; puller: Puller }>();

  const post = async <T>(path: string, body: object = {}): Promise<T> => {
    const answer = await hub.ask(`/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const tokensOf = async (app: App): Promise<Tokens> => {
    const scopes = ['events.read', 'hr.salary'];
    const made = await post<{ clientId: string; clientSecret: string }>(`/apps/${app}/clients`, { scopes });
    // The first one is refused like one that has run out, so that every run goes this way.
    return keepTokens(() => fetchToken(hub.origin, made.clientId, made.clientSecret), 'none');
  };
  const subscribe = async (name: string, app: App, behave: Parameters<Receiver['behave']>[0] = () => 204) => {
    const receiver = await startReceiver();
    receiver.behave(behave);
    const order = { app, url: receiver.url, from: 'beginning', concurrency: 8 };
    const { id, secrets } = await post<{ id: string; secrets: string[] }>('/subscriptions', order);
    webhooks.set(name, { id, app, receiver, secret: secrets[0]! });
  };
  const connectToStream = async () => {
    const answer = await hub.ask('/api/v1/apps/payroll/nats', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ enabled: true }),
    });
    const access = (await answer.json()) as Parameters<typeof connectApp>[0];
    // Whoever runs a NATS of their own tells it to read the file of users again.
    const reloading = setInterval(() => nats.reload(), 500);
    try {
      await (await connectApp(access)).close();
    } finally {
      clearInterval(reloading);
    }
    const { servers, user, password: pass } = access;
    const connection = await connect({
      servers,
      user,
      pass,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
    });
    return consumeStream(connection, access);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lienthong-channels-'));
    nats = await startTestNats(join(folder, 'nats'));
    plan = {
      dataDir: join(folder, 'hub'),
      port: await chooseFreePort(),
      env: { NATS_URL: nats.url, LIENTHONG_NATS_USERS: nats.usersFile, LIENTHONG_SANDBOX_STAFF: '30' },
    };
    hub = await runHub(plan);
    for (const app of Object.keys(attributes) as App[])
      await hub.put(`/api/v1/apps/${app}`, {
        name: app,
        owner: 'TTCNTT',
        enabled: true,
        entitlement: { purpose: 'thử', attributes: attributes[app], eventTypes },
      });
    const failed = new Set<string>();
    const failHalf = ({ id }: Received): number => {
      if (failed.has(id) || Number.parseInt(id.slice(-1), 16) % 2 === 0) return 204;
      failed.add(id);
      return 500;
    };
    await subscribe('healthy webhook', 'payroll');
    await subscribe('webhook that fails', 'payroll', failHalf);
    await subscribe('slow webhook', 'directory', () => new Promise(resolve => setTimeout(resolve, 40, 204)));
    await subscribe('webhook that is down', 'directory');
    await subscribe('webhook that loses', 'directory');
    const { origin } = hub;
    const payroll = { origin, tokens: await tokensOf('payroll') };
    const directory = { origin, tokens: await tokensOf('directory') };
    pullers.set('pages', { app: 'payroll', puller: readPages(payroll) });
    pullers.set('leases', { app: 'directory', puller: workOnLeases(directory) });
    pullers.set('stream', { app: 'directory', puller: followStream(directory) });
    pullers.set('JetStream', { app: 'payroll', puller: await connectToStream() });
    changes = changePeople(() => hub, { people: 60, writers: 2, everyMs: 20 });
  });
  after(async () => {
    await changes?.stop().catch(() => {});
    for (const { puller } of pullers.values()) await puller.stop();
    for (const { receiver } of webhooks.values()) await receiver.stop();
    await stopHubs(folder);
    await nats?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Waits until so many more events have come to the one that has no trouble. */
  const goOn = async (count: number): Promise<void> => {
    const { taken } = webhooks.get('healthy webhook')!.receiver;
    const target = taken.length + count;
    await waitUntil(
      `${count} more events`,
      () => {
        changes.assertGoing();
        return taken.length >= target;
      },
      until,
    );
  };
  const lagOf = async (id: string) => (await hub.get<{ lag: number }>(`/api/v1/subscriptions/${id}`)).lag;
  const subscribers = (): Subscriber[] => [
    ...[...webhooks].map(([name, { app, receiver }]) => ({
      name,
      arrivals: receiver.taken,
      maySee: maySee(app),
    })),
    ...[...pullers].map(([name, { app, puller }]) => ({
      name,
      arrivals: puller.arrivals,
      maySee: maySee(app),
    })),
  ];
  const findFaults = (log: Fact[]): string[] =>
    subscribers().flatMap(subscriber => checkArrivals(log, subscriber));
  /** Waits until everything has come; says what is wrong when it does not. */
  const checkAll = async (): Promise<Fact[]> => {
    const log = await committedFacts(plan.dataDir);
    const complete = () => findFaults(log).length === 0;
    await waitUntil('everybody to have everything', complete, untilAllHaveCome).catch(() => {});
    const faults = findFaults(log);
    const troubles = [...pullers].map(([name, { puller }]) => `${name}: ${puller.trouble()}`);
    assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults; ${troubles.join('; ')}`);
    return log;
  };

  it('have each committed event that is for them and no other, in order for each person', async () => {
    const down = webhooks.get('webhook that is down')!;
    await goOn(40);
    const since = new Date().toISOString();
    await down.receiver.down();
    await goOn(20);
    await hub.kill();
    hub = await runHub(plan);
    await goOn(60);
    await nats.kill();
    nats.loseStore();
    await goOn(30);
    await nats.start();
    await down.receiver.up();
    // The hub would try it again by itself, up to a minute later.
    await post(`/subscriptions/${down.id}/recover`, { since });
    // So many altogether that the fourth change of somebody, a move, is among them.
    await goOn(150);
    await changes.stop();
    const log = await checkAll();
    for (const [subject, count] of changes.accepted)
      assert.ok(
        log.filter(fact => fact.subject === subject).length >= count,
        `${subject}: ${count} accepted`,
      );
    const moves = log.filter(({ name, subject }) => name === 'staff.moved' && changes.accepted.has(subject));
    assert.ok(moves.length > 0, 'nobody was moved');
    const standAtEnd = [...webhooks].map(([name, { id }]) =>
      waitUntil(`${name} to stand at the end`, async () => (await lagOf(id)) === 0, until),
    );
    await Promise.all(standAtEnd);
    for (const [name, { receiver, secret }] of webhooks) {
      assert.ok(receiver.taken.every(event => verify(secret, event)));
      // What was sent since the last mark comes again; not more than lay between two marks.
      assert.ok(receiver.taken.length - new Set(receiver.taken.map(event => event.id)).size <= 500, name);
    }
  });

  it('have them again by a replay when they confirmed and then lost them', async () => {
    const log = await committedFacts(plan.dataDir);
    const { id, receiver } = webhooks.get('webhook that loses')!;
    const lost = receiver.taken.splice(receiver.taken.length - 50);
    const faults = findFaults(log);
    assert.equal(faults.length, new Set(lost.map(event => event.id)).size);
    assert.match(faults[0]!, /^webhook that loses: \S+ \d+ of staff\/\S+ \(\S+\) is missing$/);
    const times = lost.map(({ body }) => (JSON.parse(body) as { time: string }).time);
    await post(`/subscriptions/${id}/replay`, { from: times.toSorted()[0]! });
    await checkAll();
  });
});
