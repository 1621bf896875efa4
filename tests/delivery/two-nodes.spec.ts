import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createDeliveryHub, type DeliveryHub, people } from '#tests/delivery/delivery-hub.ts';
import { assertInOrder, type Receiver, startReceiver } from '#tests/delivery/receiver.ts';

const until = { withinMs: 15_000 };
const leaseMs = 1500;

describe('Two nodes with webhooks', function () {
  this.timeout(30_000);
  let one: DeliveryHub;
  let two: DeliveryHub;
  let receiver: Receiver;
  before(async () => {
    one = await createDeliveryHub({ leaseMs });
    await one.app('portal');
    receiver = await startReceiver();
  });
  after(async () => {
    await two?.stop();
    await one.stop();
    await receiver.stop();
  });
  const nodeOf = async (id: string, hub = two): Promise<string | null> => {
    const { rows } = await sql<{ node: string | null }>`
      select lease_node as node from subscription where id = ${id}::uuid`.execute(hub.db);
    return rows[0]!.node;
  };

  it('serve each subscription once; when one dies the other takes over and nothing is lost or out of order', async () => {
    const { id } = await one.subscribe(receiver.url);
    await one.facts(people(40));
    await one.settled(id);
    const first = await nodeOf(id, one);
    two = await createDeliveryHub({ leaseMs, databaseUrl: one.databaseUrl });
    assert.equal(receiver.arrived.length, 40);
    // The first node no longer reaches the database: to the second it is dead.
    receiver.behave(() => new Promise(resolve => setTimeout(resolve, 20, 200)));
    for (let nr = 0; nr < 5; nr++) await one.facts(people(40));
    await one.db.destroy();
    await waitUntil('another to serve it', async () => ![null, first].includes(await nodeOf(id)), until);
    receiver.behave(() => 200);
    await two.settled(id);
    assert.equal(new Set(receiver.taken.map(event => event.id)).size, 240);
    assertInOrder(receiver.taken);
  });

  it('hand over at once, and exactly where it stood, when one stops in order', async () => {
    receiver.taken.length = 0;
    const third = await createDeliveryHub({ leaseMs, databaseUrl: one.databaseUrl });
    const [{ id }] = (await two.ask<{ items: { id: string }[] }>('GET', '/subscriptions')).items as [
      { id: string },
    ];
    const first = await nodeOf(id);
    receiver.behave(() => new Promise(resolve => setTimeout(resolve, 5, 200)));
    for (let nr = 0; nr < 5; nr++) await two.facts(people(40).map(name => `next-${name}`));
    await two.parts.find(part => part.name === 'delivery')!.stop!();
    await waitUntil('another to serve it', async () => ![null, first].includes(await nodeOf(id)), until);
    await third.settled(id);
    assert.equal(receiver.taken.length, 200);
    assert.equal(new Set(receiver.taken.map(event => event.id)).size, 200);
    assertInOrder(receiver.taken);
    await third.stop();
  });
});
