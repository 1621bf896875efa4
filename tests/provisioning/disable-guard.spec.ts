import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { admitDisables, planExceeds } from '#hub/provisioning/disable-guard.ts';
import { createFakeApp } from '#tests/provisioning/fake-app.ts';
import { createProvisioningHub, eventually } from '#tests/provisioning/provisioning-hub.ts';

const people = (count: number, unitId?: string) => Array.from({ length: count }, () => ({ unitId }));

describe('The disable guard on a plan', () => {
  const guard = { maxAccounts: 50, maxPercent: 5 };

  it('lets pass what is within both limits', () => {
    assert.equal(planExceeds(guard, people(50), { total: 1000 }), undefined);
    assert.equal(planExceeds(guard, [], { total: 0 }), undefined);
  });

  it('stops more than N accounts, and more than P % of the app’s', () => {
    assert.deepEqual(planExceeds(guard, people(51), { total: 30_000 }), { count: 51, percent: 0.2 });
    assert.deepEqual(planExceeds(guard, people(6), { total: 100 }), { count: 6, percent: 6 });
  });

  it('stops more than P % of one unit, but not a few people of a small one', () => {
    const counts = {
      total: 30_000,
      byUnit: new Map([
        ['a', 100],
        ['b', 8],
      ]),
    };
    assert.deepEqual(planExceeds(guard, people(7, 'a'), counts), { count: 7, percent: 7 });
    assert.equal(planExceeds(guard, people(2, 'b'), counts), undefined);
  });
});

describe('The disable guard on live traffic', () => {
  const guard = { maxAccounts: 10, maxPercent: 5 };

  it('always lets ordinary leavers pass, however small the app', () => {
    const { held } = admitDisables(guard, people(5), new Map(), { total: 12 });
    assert.equal(held.length, 0);
  });

  it('holds those beyond the number, counting the ones before', () => {
    const { admitted, held } = admitDisables(guard, people(8), new Map([['', 7]]), { total: 30_000 });
    assert.deepEqual([admitted.length, held.length], [3, 5]);
  });

  it('holds a whole unit that is about to go, and lets other units pass', () => {
    const { admitted, held } = admitDisables(
      { maxAccounts: 1000, maxPercent: 5 },
      [...people(20, 'a'), ...people(3, 'b')],
      new Map(),
      { total: 30_000, byUnit: new Map([['b', 200]]) },
    );
    assert.deepEqual([admitted.length, held.length], [8, 15]);
  });

  it('stops a mass of leavers, shows them as held, and lets them go when a person says so', async () => {
    const portal = createFakeApp('portal', { app: { disableGuard: { maxAccounts: 6, maxPercent: 50 } } });
    const hub = await createProvisioningHub([portal]);
    try {
      const ids = await hub.hire(40);
      await hub.settled();
      await hub.change(
        ids.slice(0, 15).map(staffId => ({ staffId, record: { name: 'Nguyễn Văn An', status: 'left' } })),
      );
      await hub.settled();
      const closed = () => [...portal.accounts.values()].filter(account => !account.enabled).length;
      assert.equal(closed(), 6);
      const { items } = await hub.call('provisioning.tasks', { app: 'portal', state: 'held' });
      assert.equal(items.length, 9);

      // Held is held: another change of the same person does not slip past the guard.
      await sql`update provisioning_task set disable_at = now() - interval '1 day' where disable_at is not null`.execute(
        hub.db,
      );
      await hub.change([
        { staffId: items[0]!.staffId, record: { name: 'Nguyễn Văn An', phone: '0911111111' } },
      ]);
      await hub.settled();
      assert.equal((await hub.task('portal', items[0]!.staffId))!.state, 'held');

      assert.deepEqual(await hub.call('provisioning.replay', { app: 'portal', actor: 'test' }), {
        replayed: 0,
      });
      assert.deepEqual(
        await hub.call('provisioning.replay', { state: 'held', app: 'portal', actor: 'test' }),
        {
          replayed: 9,
        },
      );
      await hub.settled();
      await eventually('all are closed', () => closed() === 15);
    } finally {
      await hub.stop();
    }
  });

  it('lets a held person’s return through', async () => {
    const portal = createFakeApp('portal', { app: { disableGuard: { maxAccounts: 0, maxPercent: 5 } } });
    const hub = await createProvisioningHub([portal]);
    try {
      const [id] = await hub.hire(1);
      await hub.settled();
      await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', status: 'suspended' } }]);
      await hub.settled();
      assert.equal((await hub.task('portal', id!))!.state, 'held');
      await hub.change([
        { staffId: id!, record: { name: 'Nguyễn Văn An', status: 'active', phone: '0933333333' } },
      ]);
      await hub.settled();
      const task = (await hub.task('portal', id!))!;
      assert.deepEqual([task.state, task.held_at], ['done', null]);
    } finally {
      await hub.stop();
    }
  });
});
