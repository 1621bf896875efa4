import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { touchedStaff } from '#hub/provisioning/fan-out.ts';
import { upsertTasks } from '#hub/provisioning/fan-out-store.ts';
import { claimTasks } from '#hub/provisioning/task-store.ts';
import type { Event } from '#schemas/event.ts';
import { createFakeApp } from '#tests/provisioning/fake-app.ts';
import {
  createProvisioningHub,
  eventually,
  type ProvisioningHub,
} from '#tests/provisioning/provisioning-hub.ts';

describe('A live change and bulk work', () => {
  const concurrency = 4;

  it('passes thousands that are queued for a slow app, also what is prepared already', async () => {
    const slow = createFakeApp('slow', { guard: { concurrency } });
    const hub = await createProvisioningHub([slow]);
    try {
      const [id] = await hub.hire(1);
      await hub.settled();
      slow.calls.length = 0;
      slow.before = () => new Promise(resolve => setTimeout(resolve, 60));
      for (let batch = 0; batch < 6; batch++) await hub.hire(500);
      await hub.fannedOut();
      await eventually('the app is at it', () => slow.calls.length > 2 * concurrency);
      for (const phone of ['0912345601', '0912345602']) {
        await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', phone } }]);
        const before = slow.calls.length;
        const isIt = () => slow.calls.findIndex(call => call.account?.phone === phone);
        await eventually('the change is out', () => isIt() !== -1);
        const passed = isIt() - before;
        assert.ok(passed <= 4 * concurrency, `${passed} calls before it`);
      }
      assert.ok(slow.calls.length < 1000, 'most of the others still wait');
    } finally {
      slow.before = () => {};
      await hub.stop();
    }
  });

  it('is told by how many people one transaction changed', () => {
    const event = (xid: string, staffId: string) =>
      ({
        xid,
        subject: `staff/${staffId}`,
        at: new Date(0),
        type: 'vn.lienthong.staff.updated.v1',
        data: {},
      }) as Event;
    const many = Array.from({ length: 30 }, (_, nr) => `m${nr}`);
    const events = [...many.map(id => event('1', id)), event('2', 'm7'), event('2', 'a'), event('2', 'a')];
    const live = touchedStaff(events).filter(one => !one.bulk);
    assert.deepEqual(
      live.map(one => one.staffId),
      ['m7', 'a'],
    );
    assert.equal(touchedStaff(events).length, 31);
  });
});

describe('Claiming tasks', () => {
  let hub: ProvisioningHub;
  before(async () => {
    hub = await createProvisioningHub([], { started: false });
  });
  after(() => hub.stop());

  const add = (staffIds: string[], bulk: boolean) =>
    upsertTasks(
      hub.db,
      staffIds.map(staffId => ({ app: 'portal', staffId, at: null, bulk })),
    );
  const claim = async (limit: number, fill: number): Promise<string[]> =>
    (await claimTasks(hub.db, [{ app: 'portal', limit, fill, leaseMs: 60_000 }])).map(task => task.staffId);

  it('takes live ones first, fills up with bulk ones, and only as many as there is room', async () => {
    const ids = (length: number): string[] => Array.from({ length }, () => randomUUID());
    const [bulk, live] = [ids(10), ids(3)];
    await add(bulk, true);
    await add(live, false);
    await add(live, true);
    const first = await claim(2, 0);
    assert.ok(first.length === 2 && first.every(id => live.includes(id)));
    const mixed = await claim(5, 4);
    assert.equal(mixed.length, 4);
    assert.equal(mixed.filter(id => live.includes(id)).length, 1);
    assert.deepEqual(await claim(5, 0), []);
    assert.equal((await claim(50, 50)).length, 7);
  });
});
