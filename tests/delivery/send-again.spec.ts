import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { DeliveryAttempt } from '#schemas/subscription.ts';
import { createDeliveryHub, type DeliveryHub, type Made, people } from '#tests/delivery/delivery-hub.ts';
import { assertInOrder, type Receiver, startReceiver, verify } from '#tests/delivery/receiver.ts';

const until = { withinMs: 15_000 };

describe('Sending again', function () {
  this.timeout(30_000);
  let hub: DeliveryHub;
  let receiver: Receiver;
  let made: Made;
  before(async () => {
    hub = await createDeliveryHub();
    await hub.app('portal');
  });
  after(() => hub.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    made = await hub.subscribe(receiver.url);
    for (let nr = 0; nr < 4; nr++) await hub.facts(people(50));
    await hub.settled(made.id);
    assert.equal(receiver.taken.length, 200);
  });
  afterEach(async () => {
    await hub.ask('DELETE', `/subscriptions/${made.id}`);
    await receiver.stop();
  });
  const post = <T>(verb: string, body: unknown): Promise<T> =>
    hub.ask<T>('POST', `/subscriptions/${made.id}/${verb}`, { body });

  it('replays from a time on, in order, with the same ids and without a row', async () => {
    const first = receiver.taken.map(one => one.id);
    const { time } = JSON.parse(receiver.taken[0]!.body);
    await post('replay', { from: time });
    await hub.facts(people(50));
    await waitUntil('all again', () => receiver.taken.length >= 450, until);
    await hub.settled(made.id);
    const again = receiver.taken.slice(200);
    assert.deepEqual(new Set(again.slice(0, 200).map(one => one.id)), new Set(first));
    assertInOrder(again);
    assert.equal(await hub.parkedRows(made.id), 0);
    await waitUntil('the replay to be over', async () => !(await hub.show(made.id)).replaying, until);
  });

  it('replays a stretch and goes on where it was', async () => {
    const { rows } = await sql<{
      at: Date;
      id: string;
    }>`select at, id from event order by xid desc, position limit 200`.execute(hub.db);
    const times = [...new Set(rows.map(row => row.at.toISOString()))].toSorted();
    const from = times[0]!;
    await hub.ask('POST', `/subscriptions/${made.id}/pause`);
    await post('replay', { from, to: times[Math.floor(times.length / 2)]! });
    await hub.ask('POST', `/subscriptions/${made.id}/resume`);
    await hub.settled(made.id);
    await waitUntil('the replay to be over', async () => !(await hub.show(made.id)).replaying, until);
    const again = receiver.taken.slice(200);
    assert.ok(again.length > 0 && again.length < 200, String(again.length));
    assertInOrder(again);
    await hub.facts(['fresh']);
    await hub.settled(made.id);
    assert.equal(receiver.taken.length, 200 + again.length + 1);
  });

  it('replays what was given up, which is then dead no more', async () => {
    receiver.behave(() => 400);
    await hub.facts(['given-up']);
    await waitUntil('a dead one', async () => (await hub.show(made.id)).dead === 1, until);
    receiver.behave(() => 204);
    await post('replay', { from: JSON.parse(receiver.arrived.at(-1)!.body).time });
    await waitUntil('it', () => receiver.taken.length === 201, until);
    await hub.settled(made.id);
    assert.equal((await hub.show(made.id)).dead, 0);
  });

  it('sends what was never delivered, and nothing else', async () => {
    const lost = receiver.taken.slice(10, 13).map(one => one.id);
    await sql`delete from delivery_attempt where event_id = any(${lost}::uuid[])`.execute(hub.db);
    const { count } = await post<{ count: number }>('send-missing', {
      since: JSON.parse(receiver.taken[0]!.body).time,
    });
    assert.equal(count, 3);
    await waitUntil('the lost ones', () => receiver.taken.length === 203, until);
    await hub.settled(made.id);
    assert.deepEqual(new Set(receiver.taken.slice(200).map(one => one.id)), new Set(lost));
  });

  it('sends one event, and refuses one that the app may not see', async () => {
    const [one] = receiver.taken;
    await post('resend', { eventId: one!.id });
    await waitUntil('it', () => receiver.taken.length === 201, until);
    assert.equal(receiver.taken[200]!.id, one!.id);
    await hub.facts(['secret'], 'salary.changed');
    const { rows } = await sql<{ id: string }>`
      select id from event where type = 'vn.lienthong.salary.changed.v1'`.execute(hub.db);
    await assert.rejects(post('resend', { eventId: rows[0]!.id }), { code: 'unknown-event' });
    await assert.rejects(post('replay', { from: 'never' }), { code: 'invalid-request' });
  });

  it('signs with both keys while one is rotated out', async () => {
    const { secrets } = await post<Made>('rotate-secret', { overlapHours: 1 });
    assert.notEqual(secrets[0], made.secrets[0]);
    // The lanes hear of it a moment later.
    const signed = async () => {
      await hub.facts(['rotated']);
      await hub.settled(made.id);
      return receiver.taken.at(-1)!;
    };
    await waitUntil(
      'both sign',
      async () => {
        const last = await signed();
        return verify(made.secrets[0]!, last) && verify(secrets[0]!, last);
      },
      { withinMs: 15_000 },
    );
    await post('rotate-secret', { overlapHours: 0 });
    await waitUntil('the older one signs no more', async () => !verify(secrets[0]!, await signed()), {
      withinMs: 15_000,
    });
  });

  it('sends a test and tells what the receiver said', async () => {
    receiver.behave(() => response => {
      response.writeHead(418).end('I am a teapot');
    });
    const answer = await post<{ delivered: boolean; status: number; answer: string }>('test', {});
    assert.equal(answer.delivered, false);
    assert.equal(answer.status, 418);
    assert.equal(answer.answer, 'I am a teapot');
    assert.equal(receiver.arrived.at(-1)!.type, 'vn.lienthong.test.v1');
    assert.ok(verify(made.secrets[0]!, receiver.arrived.at(-1)!));
  });

  it('shows attempts page by page, searchable, and the request as it would be sent now', async () => {
    const path = `/subscriptions/${made.id}/deliveries`;
    const seen = new Set<string>();
    let after: string | undefined;
    do {
      const page = await hub.ask<{ items: DeliveryAttempt[]; next?: string }>('GET', path, {
        query: { limit: '70', ...(after === undefined ? {} : { after }) },
      });
      for (const { id } of page.items) seen.add(id);
      after = page.next;
    } while (after !== undefined);
    assert.equal(seen.size, 200);
    const one = receiver.taken[5]!;
    const found = await hub.ask<{ items: DeliveryAttempt[] }>('GET', path, { query: { eventId: one.id } });
    assert.equal(found.items.length, 1);
    const detail = await hub.ask<{ request: { headers: Record<string, string>; body: string } }>(
      'GET',
      `${path}/${found.items[0]!.id}`,
    );
    assert.equal(detail.request.body, one.body);
    assert.ok(verify(made.secrets[0]!, detail.request));
  });
});
