import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { sql } from 'kysely';
import { guardAccess } from '#hub/events/guard-access.ts';
import { streamEvents } from '#hub/events/stream-events.ts';
import { tokenExpiry } from '#hub/events/token-expiry.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { headOfLog } from '#hub/platform/event-log.ts';
import { createEventViewers } from '#hub/platform/events/event-viewers.ts';
import { type EventsGateway, staffFact, startEventsGateway } from '#tests/events/events-gateway.ts';
import { type ReadStream, readStream } from '#tests/events/read-stream.ts';

describe('The event stream', () => {
  let gateway: EventsGateway;
  let admin: string;
  let basic: string;
  let person: string;
  let version: number;
  const open: ReadStream[] = [];
  before(async () => {
    gateway = await startEventsGateway();
    admin = await gateway.token(undefined, 'admin');
    await gateway.putApp('basic', { attributes: ['name'] });
    await gateway.putApp('to-be-limited', { attributes: ['name', 'phone'] });
    basic = await gateway.token('basic', 'events.read');
    await gateway.known(basic);
  });
  after(() => gateway.stop());
  beforeEach(() => {
    person = randomUUID();
    version = 0;
  });
  afterEach(() => {
    for (const stream of open.splice(0)) stream.close();
  });

  const stream = async (query = '', token = admin, headers: Record<string, string> = {}) => {
    const one = await readStream(`${gateway.origin}/api/v1/events/stream?${query}`, token, headers);
    open.push(one);
    // It tells at once where it begins: what is written from now on belongs to it.
    await waitUntil('the first place', () => one.lastId() !== undefined, { withinMs: 10_000 });
    return one;
  };
  const write = async (count: number) => {
    for (let nr = 0; nr < count; nr++)
      await gateway.write(staffFact('staff.updated', person, ++version, { changed: ['name'] }));
  };
  const seen = ({ events }: ReadStream) => events.map(({ data }) => Number(data.sequence));

  it('sends facts as they come: the cursor as id, the type as event, the CloudEvent as data', async () => {
    await write(1);
    const one = await stream();
    assert.equal(one.headers.get('content-type'), 'text/event-stream');
    await write(2);
    await one.received(2);
    assert.deepEqual(seen(one), [2, 3]);
    const [first] = one.events;
    assert.equal(first!.type, 'vn.lienthong.staff.updated.v1');
    const page = await gateway.ask('GET', `/api/v1/events?after=${first!.id}`, admin);
    assert.deepEqual(page.body.items, [one.events[1]!.data]);
    const single = await gateway.ask<object>('GET', `/api/v1/events/${first!.data.id}`, admin);
    assert.deepEqual(single.body, first!.data);
  });

  it('goes on exactly behind the last id, and before any other place that is given', async () => {
    await write(120);
    const one = await stream(`after=beginning&subject=staff/${person}`);
    await one.received(30);
    one.close();
    // A client that took 30 of them was cut off there.
    const last = one.events[29]!;
    const two = await stream(`after=beginning&subject=staff/${person}`, admin, { 'last-event-id': last.id });
    await two.received(90);
    await write(1);
    await two.received(91);
    assert.deepEqual(
      [...seen(one).slice(0, 30), ...seen(two)],
      Array.from({ length: 121 }, (_, nr) => nr + 1),
    );
  });

  it('goes on where it was opened also for a client that was cut off before its first fact', async () => {
    const one = await stream();
    one.close();
    await write(2);
    const two = await stream('', admin, { 'last-event-id': one.lastId()! });
    await two.received(2);
    assert.deepEqual(seen(two), [1, 2]);
  });

  it('shows an app what it may see, and tells its place while other facts pass', async () => {
    const one = await stream('', basic);
    const opened = one.lastId()!;
    for (let nr = 0; nr < 3; nr++) await gateway.write(staffFact('discipline.recorded', person, ++version));
    await waitUntil('the place to move on', () => one.lastId() !== opened, { withinMs: 10_000 });
    assert.equal(one.events.length, 0);
    assert.ok(!/discipline|Khiển/.test(one.text()));
    await write(1);
    await one.received(1);
    assert.ok(!/0912000111|01\.003|Khiển/.test(one.text()));
    // From the place that was told the hidden facts are not read again.
    const page = await gateway.ask('GET', `/api/v1/events?after=${one.lastId()}`, admin);
    assert.deepEqual(page.body.items, []);
  });

  it('ends when the app is switched off, and hides at once what is taken from it', async () => {
    const app = 'to-be-limited';
    const one = await stream('', await gateway.token(app, 'events.read'));
    await write(1);
    await one.received(1);
    assert.equal((one.events[0]!.data.data.staff as { phone?: string }).phone, '0912000111');
    await gateway.putApp(app, { attributes: ['name'] });
    await waitUntil(
      'the phone to be gone',
      async () => {
        await write(1);
        await one.received(2);
        return (one.events.at(-1)!.data.data.staff as { phone?: string }).phone === undefined;
      },
      { withinMs: 10_000, everyMs: 200 },
    );
    await gateway.putApp(app, {}, false);
    await waitUntil('the end', () => one.ended() !== undefined, { withinMs: 10_000 });
  });

  it('serves many readers at the end of the log without asking the database for each', async () => {
    const { db, context } = gateway.hub;
    let asked = 0;
    const counting = db.withPlugin({
      transformQuery({ node }) {
        asked += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const going = new AbortController();
    const viewer = { app: undefined, entitlement: { attributes: [] }, salary: true, parents: new Map() };
    const after = await headOfLog(db);
    const texts = Array.from({ length: 200 }, () => '');
    const count = (text: string) => text.split('\ndata: ').length - 1;
    const received = (facts: number) =>
      waitUntil('all readers', () => texts.every(text => count(text) === facts), { withinMs: 15_000 });
    const readers = texts.map(async (_, nr) => {
      const request = { after, filter: {}, viewer: async () => viewer, signal: going.signal };
      for await (const text of streamEvents({ db: counting, tail: context.tail }, request))
        texts[nr]! += text.toString();
    });
    await write(1);
    await received(1);
    const askedToCatchUp = asked;
    await write(5);
    await received(6);
    going.abort();
    await Promise.all(readers);
    assert.ok(askedToCatchUp > 0);
    assert.equal(asked, askedToCatchUp);
  });

  it('reads no further than a client takes, and gives it everything when it goes on', async () => {
    const count = 500;
    const fat = 'x'.repeat(50_000);
    const { tail } = gateway.hub.context;
    let furthest = 0;
    const { read } = tail;
    tail.read = request => {
      furthest = Math.max(furthest, request.after.position % Number.MAX_SAFE_INTEGER);
      return read(request);
    };
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    let text = '';
    socket.on('data', chunk => {
      text += chunk;
    });
    socket.write(
      `GET /api/v1/events/stream?subject=staff/${person} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${admin}\r\n\r\n`,
    );
    await waitUntil('the first place', () => text.includes('id: '), { withinMs: 10_000 });
    await write(1);
    await waitUntil('the first fact', () => text.includes('data: '), { withinMs: 10_000 });
    socket.pause();
    const many = Array.from({ length: count }, () => staffFact('staff.updated', person, ++version, { fat }));
    for (let at = 0; at < count; at += 100) await gateway.write(...many.slice(at, at + 100));
    const { rows } = await sql<{ last: number }>`select max(position) as last from event`.execute(
      gateway.hub.db,
    );
    let still = 0;
    let before = -1;
    await waitUntil(
      'the reading to stand still',
      () => {
        still = furthest === before && furthest > 0 ? still + 1 : 0;
        before = furthest;
        return still > 30;
      },
      { withinMs: 15_000 },
    );
    // What the system's own buffers took, and one stretch; the rest waits in the log.
    assert.ok(rows[0]!.last - furthest > count / 2, `${rows[0]!.last - furthest} of ${count} are not read`);
    socket.resume();
    await waitUntil('the rest', () => text.includes(`"sequence":"${String(count + 1).padStart(10, '0')}"`), {
      withinMs: 20_000,
    });
    tail.read = read;
    socket.destroy();
    const sequences = [...text.matchAll(/"sequence":"(\d+)"/g)].map(match => Number(match[1]));
    assert.deepEqual(
      sequences,
      Array.from({ length: count + 1 }, (_, nr) => nr + 1),
    );
  });

  it('ends with the token, and with the client', async () => {
    const expiresAt = tokenExpiry(`Bearer ${admin}`)!;
    assert.ok(expiresAt > Date.now() && expiresAt < Date.now() + 3_600_000);
    assert.equal(tokenExpiry('Bearer nonsense'), undefined);
    const viewers = createEventViewers(gateway.hub.call);
    const caller = { clientId: 'boss', scopes: ['admin' as const] };
    const gone = new AbortController();
    let now = expiresAt;
    const access = guardAccess(viewers, caller, { expiresAt, gone: gone.signal, now: () => now });
    const other = guardAccess(viewers, caller, { expiresAt, gone: gone.signal, now: () => expiresAt });
    now += 6000;
    await waitUntil('the end of the right', () => access.signal.aborted, { withinMs: 10_000 });
    assert.ok(!other.signal.aborted);
    gone.abort();
    assert.ok(other.signal.aborted);
  });

  it('refuses a last id that is none', async () => {
    const answer = await fetch(`${gateway.origin}/api/v1/events/stream`, {
      headers: { authorization: `Bearer ${admin}`, 'last-event-id': 'nonsense' },
    });
    const { errors } = (await answer.json()) as { errors: { pointer: string; code: string }[] };
    assert.deepEqual(
      [answer.status, errors[0]!.pointer, errors[0]!.code],
      [400, '/Last-Event-ID', 'bad-cursor'],
    );
  });
});
