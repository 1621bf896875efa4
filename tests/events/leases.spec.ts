import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { EventConsumer, EventLease, LeaseState } from '#schemas/event-lease.ts';
import { type EventsGateway, staffFact, startEventsGateway } from '#tests/events/events-gateway.ts';

const root = '/api/v1/events';

describe('Leases of events', () => {
  let gateway: EventsGateway;
  let token: string;
  let theirs: string;
  /** Another consumer of the same app for every test. */
  let worker: string;
  let person: string;
  let version: number;
  before(async () => {
    gateway = await startEventsGateway();
    for (const app of ['ours', 'theirs']) await gateway.putApp(app, { attributes: ['name'] });
    token = await gateway.token('ours', 'events.read');
    theirs = await gateway.token('theirs', 'events.read');
    await gateway.known(theirs);
  });
  after(() => gateway.stop());
  beforeEach(async () => {
    person = randomUUID();
    version = 0;
    worker = `w-${person}`;
    assert.equal((await put(worker, { from: 'latest' })).status, 201);
  });

  const put = (name: string, body: object, by = token) =>
    gateway.ask<EventConsumer>('PUT', `${root}/consumers/${name}`, by, body);
  const show = async (name = worker) =>
    (await gateway.ask<EventConsumer>('GET', `${root}/consumers/${name}`, token)).body;
  const take = (wish: object = {}, by = token) =>
    gateway.ask<EventLease>('POST', `${root}/leases`, by, { consumer: worker, ...wish });
  const settle = (id: string | undefined, verb: string, body?: object, by = token) =>
    gateway.ask<LeaseState>('POST', `${root}/leases/${id}/${verb}`, by, body);
  const seek = (to: string) =>
    gateway.ask<EventConsumer>('POST', `${root}/consumers/${worker}/seek`, token, { to });
  const write = async (count: number) => {
    for (let nr = 0; nr < count; nr++)
      await gateway.write(staffFact('staff.updated', person, ++version, { changed: ['name'] }));
  };
  /** The versions that were leased. */
  const seen = (answer: { body: { items: { sequence: string }[] } }) =>
    answer.body.items.map(item => Number(item.sequence));
  const expired = () =>
    waitUntil('the lease to expire', async () => (await show()).lease === undefined, { withinMs: 10_000 });

  it('hand out a page, and the next one when it is acknowledged', async () => {
    await write(3);
    const first = await take({ limit: 2 });
    assert.deepEqual(seen(first), [1, 2]);
    assert.ok(Date.parse(first.body.expiresAt!) > Date.now());
    const done = await settle(first.body.id, 'acknowledge', {});
    assert.equal(done.status, 200);
    assert.equal(done.body.expiresAt, undefined);
    assert.deepEqual(seen(await take({ limit: 2 })), [3]);
  });

  it('are not made when nothing is there, and wait for something when asked to', async () => {
    const empty = await take();
    assert.deepEqual(empty.body, { consumer: worker, items: [] });
    assert.equal((await show()).lease, undefined);
    const waiting = take({ wait: 30 });
    await write(1);
    const lease = await waiting;
    assert.deepEqual(seen(lease), [1]);
    assert.ok(lease.body.id);
  });

  it('refuse a second worker, and tell until when', async () => {
    await write(1);
    const first = await take({ seconds: 300 });
    const second = await take();
    assert.deepEqual([second.status, second.body.code], [409, 'consumer-leased']);
    assert.equal(second.body.params!.until, first.body.expiresAt);
    // One that waits is told too, rather than left to wait.
    assert.equal((await take({ wait: 30 })).status, 409);
  });

  it('that expired are lost: they move nothing, and the same facts come again with the same ids', async () => {
    await write(2);
    const first = await take({ seconds: 1 });
    await expired();
    const { place } = await show();
    for (const [verb, body] of [
      ['acknowledge', {}],
      ['acknowledge', { upTo: first.body.items[0]!.id }],
      ['extend', { seconds: 10 }],
      ['release', undefined],
    ] as const) {
      const answer = await settle(first.body.id, verb, body);
      assert.deepEqual([answer.status, answer.body.code], [409, 'lease-lost'], verb);
    }
    assert.equal((await show()).place, place);
    const second = await take();
    assert.deepEqual(second.body.items, first.body.items);
    assert.notEqual(second.body.id, first.body.id);
    // Taken over by another worker: the first moves nothing, and does not end the second's.
    assert.equal((await settle(first.body.id, 'acknowledge', {})).status, 409);
    assert.equal((await show()).lease!.id, second.body.id);
    assert.equal((await show()).place, place);
  });

  it('keep what was not acknowledged', async () => {
    await write(4);
    const lease = await take();
    const [first, second, third, last] = lease.body.items;
    const part = await settle(lease.body.id, 'acknowledge', { upTo: second!.id });
    assert.equal(part.body.expiresAt, lease.body.expiresAt);
    assert.equal((await show()).waiting, 2);
    assert.equal((await take()).status, 409);
    // What was acknowledged before moves nothing back.
    const back = await settle(lease.body.id, 'acknowledge', { upTo: first!.id });
    assert.equal(back.body.place, part.body.place);
    // A cursor does as well as an id.
    const page = await gateway.ask('GET', `${root}?after=${part.body.place}&limit=1`, token);
    assert.equal(page.body.items[0]!.id, third!.id);
    await settle(lease.body.id, 'acknowledge', { upTo: page.body.next });
    await settle(lease.body.id, 'release');
    assert.deepEqual(seen(await take({ seconds: 300 })), [4]);
    // The last fact of a page by its id ends the lease.
    const { lease: open } = await show();
    const done = await settle(open!.id, 'acknowledge', { upTo: last!.id });
    assert.equal(done.body.expiresAt, undefined);
    assert.equal((await take()).status, 200);
  });

  it('take no event and no cursor outside the page, and do not tell whether it is hidden', async () => {
    await write(2);
    await gateway.write(staffFact('discipline.recorded', person, ++version));
    await write(1);
    const admin = await gateway.token(undefined, 'admin');
    const all = await gateway.ask('GET', `${root}?subject=staff/${person}`, admin);
    const hidden = all.body.items[2]!;
    const lease = await take({ limit: 3 });
    assert.deepEqual(seen(lease), [1, 2, 4]);
    await write(1);
    const later = (await gateway.ask('GET', `${root}?after=latest`, token)).body.next;
    const answers = [];
    for (const upTo of [hidden.id, randomUUID(), later, 'nonsense', "'"]) {
      const { status, body } = await settle(lease.body.id, 'acknowledge', { upTo });
      answers.push(JSON.stringify([status, body.code, body.errors]));
    }
    assert.equal(new Set(answers).size, 1);
    assert.match(answers[0]!, /400.*not-of-this-lease/);
    assert.equal((await show()).waiting, 4);
  });

  it('last longer when extended', async () => {
    await write(1);
    const lease = await take({ seconds: 1 });
    const longer = await settle(lease.body.id, 'extend', { seconds: 600 });
    assert.ok(Date.parse(longer.body.expiresAt!) > Date.parse(lease.body.expiresAt!) + 500_000);
    assert.equal((await show()).lease!.expiresAt, longer.body.expiresAt);
  });

  it('that are released come again at once', async () => {
    await write(2);
    const lease = await take({ seconds: 600 });
    assert.equal((await settle(lease.body.id, 'release')).status, 204);
    assert.deepEqual(seen(await take()), [1, 2]);
  });

  it('are lost by a seek, which moves back and forward', async () => {
    const since = new Date().toISOString();
    await write(3);
    const lease = await take();
    assert.equal((await seek('latest')).body.waiting, 0);
    assert.equal((await settle(lease.body.id, 'acknowledge', {})).body.code, 'lease-lost');
    assert.deepEqual((await take()).body.items, []);
    assert.equal((await seek(since)).body.waiting, 3);
    assert.deepEqual(seen(await take()), [1, 2, 3]);
    const { body } = await gateway.ask('GET', `${root}?after=${since}&limit=2`, token);
    await seek(body.next);
    assert.deepEqual(seen(await take()), [3]);
    await seek('beginning');
    assert.ok((await take({ limit: 500 })).body.items.length >= 3);
  });

  it('pass over what the app may not see, and do not count it', async () => {
    await gateway.write(
      ...Array.from({ length: 5200 }, () => staffFact('discipline.recorded', person, ++version)),
    );
    assert.equal((await show()).waiting, 0);
    await write(1);
    const before = (await show()).place;
    assert.deepEqual(seen(await take()), [5201]);
    assert.notEqual((await show()).place, before);
  });

  it('never overlap, however many workers there are, and each fact is acknowledged once and in order', async () => {
    await write(60);
    const open: { from: number; to: number }[] = [];
    const acknowledged: number[] = [];
    const work = async (): Promise<void> => {
      while (acknowledged.length < 60) {
        const lease = await take({ limit: 5, seconds: 60 });
        if (lease.status === 409 || lease.body.items.length === 0) continue;
        const from = performance.now();
        acknowledged.push(...seen(lease));
        open.push({ from, to: performance.now() });
        assert.equal((await settle(lease.body.id, 'acknowledge', {})).status, 200);
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    assert.deepEqual(
      acknowledged,
      Array.from({ length: 60 }, (_, nr) => nr + 1),
    );
    assert.ok(open.every((span, nr) => nr === 0 || open[nr - 1]!.to <= span.from));
  });

  it('give one of many workers that ask at the same moment the page', async () => {
    await write(3);
    const answers = await Promise.all(Array.from({ length: 12 }, () => take({ seconds: 600 })));
    const held = answers.filter(answer => answer.body.id !== undefined);
    assert.equal(held.length, 1);
    assert.ok(answers.every(answer => answer === held[0] || answer.body.code === 'consumer-leased'));
  });

  it('are given again to whoever repeats the request with its Idempotency-Key', async () => {
    await write(1);
    const request = () =>
      fetch(`${gateway.origin}${root}/leases`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': `k-${person}`,
        },
        body: JSON.stringify({ consumer: worker }),
      }).then(answer => answer.json() as Promise<EventLease>);
    assert.deepEqual(await request(), await request());
  });

  it('belong to an app: another may use the same name, and cannot touch a lease of this one', async () => {
    assert.equal((await take({}, theirs)).body.code, 'unknown-consumer');
    await put(worker, { from: 'latest' }, theirs);
    await write(1);
    const lease = await take();
    for (const [verb, body] of [
      ['acknowledge', {}],
      ['extend', { seconds: 5 }],
      ['release', undefined],
    ] as const)
      assert.equal((await settle(lease.body.id, verb, body, theirs)).body.code, 'lease-lost');
    assert.deepEqual(seen(await take({}, theirs)), [1]);
    // Two clients of one app work on the same consumer.
    const colleague = await gateway.token('ours', 'events.read');
    assert.equal((await settle(lease.body.id, 'acknowledge', {}, colleague)).status, 200);
  });

  describe('of consumers', () => {
    it('that are made once: a second PUT keeps the place and the lease', async () => {
      await write(1);
      const second = `second-${person}`;
      const made = await put(second, { from: 'latest' });
      assert.deepEqual([made.status, made.body.name, made.body.waiting], [201, second, 0]);
      await write(2);
      const again = await put(second, { from: 'beginning' });
      assert.deepEqual([again.status, again.body.place], [200, made.body.place]);
      assert.equal(again.body.waiting, 2);
      assert.ok(Date.parse(again.body.oldestWaitingAt!) > Date.now() - 60_000);
      const { body } = await gateway.ask<{ items: EventConsumer[] }>('GET', `${root}/consumers`, token);
      const names = body.items.map(({ name }) => name);
      assert.ok(names.includes(second) && names.includes(worker));
    });

    it('that ask only for some types', async () => {
      await put('joins', { from: 'latest', types: ['staff.joined'] });
      await write(2);
      await gateway.write(staffFact('staff.joined', randomUUID(), 1));
      const { body } = await take({ consumer: 'joins' });
      assert.deepEqual(
        body.items.map(item => item.type),
        ['vn.lienthong.staff.joined.v1'],
      );
      assert.deepEqual((await show('joins')).types, ['vn.lienthong.staff.joined.v1']);
    });

    it('that are deleted, with their lease', async () => {
      await write(1);
      const lease = await take();
      assert.equal((await gateway.ask('DELETE', `${root}/consumers/${worker}`, token)).status, 204);
      assert.equal((await settle(lease.body.id, 'acknowledge', {})).body.code, 'lease-lost');
      for (const [method, path, body] of [
        ['GET', `/consumers/${worker}`],
        ['DELETE', `/consumers/${worker}`],
        ['POST', `/consumers/${worker}/seek`, { to: 'latest' }],
        ['POST', '/leases', { consumer: worker }],
      ] as const) {
        const answer = await gateway.ask(method, root + path, token, body);
        assert.deepEqual([answer.status, answer.body.code], [404, 'unknown-consumer'], path);
      }
    });

    it('of which an app has at most a hundred', async () => {
      const make = (nr: number) => put(`c${nr}`, { from: 'latest' }, theirs);
      let made = 0;
      while ((await make(made)).status === 201) made += 1;
      const { body } = await gateway.ask<{ items: unknown[] }>('GET', `${root}/consumers`, theirs);
      assert.equal(body.items.length, 100);
      const refused = await make(made);
      assert.deepEqual([refused.status, refused.body.code], [409, 'too-many-consumers']);
      assert.equal((await make(0)).status, 200);
      await gateway.ask('DELETE', `${root}/consumers/c0`, theirs);
      assert.equal((await make(made)).status, 201);
    });

    it('whose requests make no sense are refused with the place at fault', async () => {
      const far = Buffer.from(JSON.stringify(['999999999999999999', 1])).toString('base64url');
      for (const [method, path, body, pointer] of [
        ['PUT', '/consumers/UPPER', {}, '/name'],
        ['PUT', '/consumers/a%20b', {}, '/name'],
        ['PUT', '/consumers/x', { from: 'yesterday' }, '/from'],
        ['PUT', '/consumers/x', { from: far }, '/from'],
        ['PUT', `/consumers/${worker}`, { from: 'yesterday' }, '/from'],
        ['PUT', '/consumers/x', { types: ['no.such'] }, '/types'],
        ['PUT', '/consumers/x', { types: [] }, '/types'],
        ['PUT', '/consumers/x', { place: 'latest' }, '/place'],
        ['POST', `/consumers/${worker}/seek`, { to: '2026-99-01T00:00:00Z' }, '/to'],
        ['POST', `/consumers/${worker}/seek`, {}, '/to'],
        ['POST', '/leases', { consumer: worker, seconds: 601 }, '/seconds'],
        ['POST', '/leases', { consumer: worker, seconds: 0 }, '/seconds'],
        ['POST', '/leases', { consumer: worker, limit: 501 }, '/limit'],
        ['POST', '/leases', { consumer: worker, wait: 31 }, '/wait'],
        ['POST', '/leases', {}, '/consumer'],
        ['POST', '/leases/not-a-uuid/acknowledge', {}, '/id'],
      ] as const) {
        const answer = await gateway.ask(method, root + path, token, body);
        const where = `${path} ${JSON.stringify(body)}`;
        assert.deepEqual([answer.status, answer.body.errors?.[0]?.pointer], [400, pointer], where);
      }
      assert.equal((await settle(randomUUID(), 'acknowledge', {})).body.code, 'lease-lost');
    });
  });

  it('show how far each consumer is behind, for the watch', async () => {
    await write(1);
    const metrics = await (await fetch(`${gateway.origin}/metrics`)).text();
    const lag = new RegExp(
      `lienthong_event_consumer_lag_seconds\\{app="ours",consumer="${worker}"\\} (\\S+)`,
    );
    assert.ok(Number(lag.exec(metrics)?.[1]) > 0);
  });
});
