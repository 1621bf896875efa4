import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import type { DeliveryAttempt } from '#schemas/subscription.ts';
import { createDeliveryHub, type DeliveryHub, type Made, people } from '#tests/delivery/delivery-hub.ts';
import { assertInOrder, type Receiver, startReceiver } from '#tests/delivery/receiver.ts';

const until = { withinMs: 15_000 };
const day = 86_400_000;

describe('A receiver that fails', function () {
  this.timeout(30_000);
  let hub: DeliveryHub;
  let receiver: Receiver;
  let made: Made;
  let wall = 0;
  const mails: { input: [{ to: string[]; subject: string }] }[] = [];
  const mail = {
    name: 'connectors',
    actions: {
      'connectors.list': async () => [{ id: 'mail', ports: ['notices'] }],
      'connectors.invoke': async (request: (typeof mails)[number]) => {
        mails.push(request);
        return { ok: true, result: { accepted: ['somebody'] }, durationMs: 1 };
      },
    },
  } as unknown as Part;
  before(async () => {
    hub = await createDeliveryHub({
      stubs: [mail],
      timeoutMs: 400,
      egress: ['127.0.0.1/32'],
      clock: { now: () => Date.now() + wall, elapsed: () => performance.now() },
    });
    await hub.app('portal');
  });
  after(() => hub.stop());
  beforeEach(async () => {
    wall = 0;
    receiver = await startReceiver();
    made = await hub.subscribe(receiver.url, { contact: 'truc@tinh.gov.vn' });
  });
  afterEach(async () => {
    await hub.ask('DELETE', `/subscriptions/${made.id}`);
    await receiver.stop();
  });
  const attempts = async (query: Record<string, string> = {}): Promise<DeliveryAttempt[]> =>
    (await hub.ask<{ items: DeliveryAttempt[] }>('GET', `/subscriptions/${made.id}/deliveries`, { query }))
      .items;
  const stateOf = (id: string) => hub.show(id);

  it('by being down is held without rows piling up, goes on by itself, and gets everything once in order', async () => {
    await hub.facts(people(5));
    await hub.settled(made.id);
    await receiver.down();
    for (let nr = 0; nr < 40; nr++) await hub.facts(people(30));
    await waitUntil('it to be held', async () => (await stateOf(made.id)).held, until);
    await hub.facts(people(30));
    await waitUntil('a few probes', async () => (await attempts({ status: 'failed' })).length > 14, until);
    assert.ok((await hub.parkedRows(made.id)) < 30, `${await hub.parkedRows(made.id)} rows`);
    assert.equal((await stateOf(made.id)).lastError?.code, 'unreachable');
    await receiver.up();
    await hub.settled(made.id);
    assert.equal(receiver.taken.length, 5 + 41 * 30);
    assert.equal(new Set(receiver.taken.map(one => one.id)).size, receiver.taken.length);
    assertInOrder(receiver.taken);
    const { held, failingSince } = await stateOf(made.id);
    assert.deepEqual({ held, failingSince }, { held: false, failingSince: undefined });
  });

  it('for one event alone for ever is not held for the others', async () => {
    await hub.facts(people(12));
    await hub.settled(made.id);
    const codeOf = (one: { data: Record<string, unknown> }) => (one.data.staff as { code: string }).code;
    const bad = new Set(receiver.taken.filter(one => codeOf(one) !== 's11').map(one => one.subject));
    receiver.behave(one => (bad.has(one.subject) ? 422 : 204));
    await hub.facts(people(12));
    await waitUntil('it to be held', async () => (await attempts({ status: '422' })).length >= 11, until);
    await hub.facts(['s11', 'new1', 'new2']);
    await waitUntil('the sound ones', () => receiver.taken.length === 12 + 1 + 3, until);
  });

  it('by being slow only delays itself', async () => {
    const other = await startReceiver();
    const { id } = await hub.subscribe(other.url);
    const released = Promise.withResolvers<number>();
    receiver.behave(() => released.promise);
    for (let nr = 0; nr < 10; nr++) await hub.facts(people(60));
    await waitUntil('the other one to have all', () => other.taken.length === 600, until);
    assert.ok(receiver.taken.length < 600);
    released.resolve(200);
    await hub.ask('DELETE', `/subscriptions/${id}`);
    await other.stop();
  });

  it('by hanging, by half an answer or by a redirect is tried again, and each has a code of its own', async () => {
    const ways: Record<string, (path: string) => ReturnType<Parameters<Receiver['behave']>[0]>> = {
      'timed-out': () => () => {},
      'broken-answer': () => response => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('half');
        setTimeout(() => response.destroy(), 20);
      },
      redirected: () => response => {
        response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
      },
      'server-error': () => 500,
    };
    for (const [code, way] of Object.entries(ways)) {
      receiver.behave(() => way(code));
      await hub.facts(['way']);
      await waitUntil(code, async () => (await attempts()).some(one => one.errorCode === code), until);
      receiver.behave(() => 200);
      await hub.settled(made.id);
    }
    assert.equal(receiver.taken.length, 4);
    assertInOrder(receiver.taken);
    assert.ok((await attempts({ status: 'delivered' })).every(one => one.attempt > 1 && one.repeat));
  });

  it('by asking for time is given it', async () => {
    receiver.behave(() => response => {
      response.writeHead(429, { 'retry-after': '1' }).end();
    });
    await hub.facts(['patience']);
    await waitUntil('the first attempt', () => receiver.arrived.length === 1, until);
    receiver.behave(() => 200);
    const began = performance.now();
    await hub.settled(made.id);
    assert.ok(performance.now() - began > 700);
    assert.equal(receiver.arrived.length, 2);
  });

  it('for good is given up, its subject goes on, and it is sent when a person recovers it', async () => {
    receiver.behave(one => (one.sequence === 1 ? 400 : 204));
    await hub.facts(['given-up']);
    await hub.facts(['given-up']);
    await waitUntil('the next one', () => receiver.taken.length === 1, until);
    await waitUntil('a dead one', async () => (await stateOf(made.id)).dead === 1, until);
    assert.equal((await attempts({ status: '400' })).length, 8);
    receiver.behave(() => 204);
    const { count } = await hub.ask<{ count: number }>('POST', `/subscriptions/${made.id}/recover`, {
      body: { since: '2020-01-01T00:00:00Z' },
    });
    assert.equal(count, 1);
    await waitUntil('the dead one', () => receiver.taken.length === 2, until);
    await waitUntil('no row to be left', async () => (await hub.parkedRows(made.id)) === 0, until);
  });

  it('by answering 410 gets no more, at once, until it is switched on again', async () => {
    receiver.behave(() => 410);
    await hub.facts(['gone']);
    await waitUntil('it to be off', async () => (await stateOf(made.id)).state === 'disabled', until);
    assert.equal((await stateOf(made.id)).disabledReason, 'gone');
    await waitUntil('the mail', () => mails.some(one => one.input[0].to[0] === 'truc@tinh.gov.vn'), until);
    await hub.facts(['gone']);
    receiver.behave(() => 204);
    await hub.ask('POST', `/subscriptions/${made.id}/resume`);
    await hub.settled(made.id);
    assert.equal(receiver.taken.length, 2);
    assert.equal(receiver.arrived.length, 3);
  });

  it('for five days is disabled; a clock set forth or back by a day neither loses nor floods', async () => {
    await receiver.down();
    await hub.facts(people(3));
    await waitUntil('it to fail', async () => (await stateOf(made.id)).failingSince !== undefined, until);
    wall = day;
    await hub.facts(people(3));
    wall = -day;
    await hub.facts(people(3));
    await receiver.up();
    await hub.settled(made.id);
    assert.equal(receiver.taken.length, 9);
    assert.equal(receiver.arrived.length, 9);
    assertInOrder(receiver.taken);
    wall = 0;
    await receiver.down();
    await hub.facts(people(1));
    await waitUntil('it to fail', async () => (await stateOf(made.id)).failingSince !== undefined, until);
    wall = 5 * day + 1000;
    await waitUntil('it to be off', async () => (await stateOf(made.id)).state === 'disabled', until);
    assert.equal((await stateOf(made.id)).disabledReason, 'failing');
    wall = 0;
    await receiver.up();
    await hub.ask('POST', `/subscriptions/${made.id}/resume`);
    await hub.settled(made.id);
    assert.equal(receiver.taken.length, 10);
  });
});
