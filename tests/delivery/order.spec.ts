import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createDeliveryHub, type DeliveryHub, people } from '#tests/delivery/delivery-hub.ts';
import { assertInOrder, type Receiver, startReceiver, verify } from '#tests/delivery/receiver.ts';

const until = { withinMs: 15_000 };

describe('A webhook subscription', function () {
  this.timeout(30_000);
  let hub: DeliveryHub;
  let receiver: Receiver;
  before(async () => {
    hub = await createDeliveryHub();
    await hub.app('portal');
  });
  after(() => hub.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());

  it('is sent every fact once, signed, in order within its subject', async () => {
    const { id, secrets } = await hub.subscribe(receiver.url);
    for (let nr = 0; nr < 20; nr++) await hub.facts(people(30));
    await waitUntil('all facts', () => receiver.taken.length >= 600, until);
    await hub.settled(id);
    assert.equal(receiver.taken.length, 600);
    assert.equal(new Set(receiver.taken.map(one => one.id)).size, 600);
    assertInOrder(receiver.arrived);
    for (const one of receiver.taken) {
      assert.ok(verify(secrets[0]!, one));
      assert.equal(one.headers['webhook-id'], one.id);
      assert.ok(Math.abs(Number(one.headers['webhook-timestamp']) - Date.now() / 1000) < 60);
    }
    assert.equal(receiver.taken[0]!.headers['content-type'], 'application/cloudevents+json; charset=utf-8');
    assert.ok(!verify('whsec_AAAA', receiver.taken[0]!));
  });

  it('goes on with other subjects while one is refused, and keeps that one in order', async () => {
    const { id } = await hub.subscribe(receiver.url);
    await hub.facts(['refused', 'other']);
    await waitUntil('the first', () => receiver.taken.length === 2, until);
    const refused = receiver.taken.find(
      one => one.data.staff && (one.data.staff as { code: string }).code === 'refused',
    )!;
    let open = false;
    receiver.behave(one => (one.subject === refused.subject && !open ? 500 : 200));
    for (let nr = 0; nr < 10; nr++) await hub.facts(['refused', ...people(5)]);
    await waitUntil('the others', () => receiver.taken.length === 2 + 50, until);
    await waitUntil('rows of what waits', async () => (await hub.parkedRows(id)) === 10, until);
    assert.ok(
      receiver.arrived.filter(one => one.subject === refused.subject).every(one => one.sequence <= 2),
    );
    open = true;
    await hub.settled(id);
    assert.equal(receiver.taken.length, 62);
    assertInOrder(receiver.taken);
    assert.equal(await hub.parkedRows(id), 0);
  });

  it('starts at the end of the log unless told otherwise, and sees only the types that it asked for', async () => {
    const { id } = await hub.subscribe(receiver.url, { types: ['staff.joined'] });
    await hub.facts(['late'], 'staff.updated');
    await hub.facts(['late'], 'staff.joined');
    await waitUntil('the one', () => receiver.taken.length === 1, until);
    await hub.settled(id);
    assert.equal(receiver.arrived.length, 1);
    const all = await startReceiver();
    const other = await hub.subscribe(all.url, { from: 'beginning' });
    await hub.settled(other.id);
    assert.ok(all.taken.length > 600);
    assertInOrder(all.taken);
    await all.stop();
  });

  it('hides pay from an app that is not entitled to it', async () => {
    await hub.app('payroll', { attributes: ['code', 'coefficient'] });
    const payroll = await startReceiver();
    const own = await hub.subscribe(receiver.url);
    const paid = await hub.subscribe(payroll.url, { app: 'payroll' });
    await hub.facts(['paid'], 'salary.changed');
    await hub.facts(['paid'], 'staff.joined');
    await hub.settled(own.id);
    await hub.settled(paid.id);
    assert.deepEqual(
      receiver.arrived.map(one => one.type),
      ['vn.lienthong.staff.joined.v1'],
    );
    assert.ok(!receiver.arrived[0]!.body.includes('coefficient'));
    assert.equal(payroll.taken.length, 2);
    assert.ok(payroll.taken[0]!.body.includes('"coefficient":333'));
    await payroll.stop();
  });
});
