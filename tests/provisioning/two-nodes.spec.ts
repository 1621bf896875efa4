import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { openDatabase } from '#hub/platform/database.ts';
import { claimTasks } from '#hub/provisioning/task-store.ts';
import { createFakeApp } from '#tests/provisioning/fake-app.ts';
import { createProvisioningHub, eventually } from '#tests/provisioning/provisioning-hub.ts';

describe('Provisioning on several nodes', () => {
  it('shares the work without doubling its effect', async () => {
    const one = createFakeApp('portal');
    const two = createFakeApp('portal', { sharing: one });
    const first = await createProvisioningHub([one]);
    const second = await createProvisioningHub([two], { databaseUrl: first.databaseUrl });
    try {
      const ids = await first.hire(300);
      second.context.wake.notify('events');
      const wakeBoth = setInterval(() => second.context.wake.notify('tasks'), 10);
      await first.settled();
      clearInterval(wakeBoth);
      assert.equal(one.accounts.size, ids.length);
      assert.equal(one.calls.length, ids.length, 'each person was sent once');
    } finally {
      await second.stop();
      await first.stop();
    }
  });

  it('takes over what a node had claimed that is gone, also when the app had been called already', async () => {
    const portal = createFakeApp('portal');
    const hub = await createProvisioningHub([portal], { started: false });
    try {
      const provisioning = hub.parts.find(part => part.name === 'provisioning')!;
      const [id] = await hub.hire(1);
      await sql`insert into provisioning_task (app, staff_id, state, due_at)
        values ('portal', ${id}::uuid, 'ready', now())`.execute(hub.db);
      const dying = openDatabase(hub.databaseUrl, 1);
      const claimed = await claimTasks(dying, [{ app: 'portal', limit: 10, fill: 10, leaseMs: 300 }]);
      await dying.destroy();
      assert.equal(claimed.length, 1);
      // The node was killed between the app's answer and writing it down.
      const staff = await hub.call('staff.get', { id: id! });
      const { code, username, name } = staff;
      portal.accounts.set('p-1', { externalId: 'p-1', enabled: true, values: { code, username, name } });
      await provisioning.start!();
      await eventually('the task is done', async () => (await hub.task('portal', id!))!.state === 'done');
      assert.equal(portal.accounts.size, 1);
      const [account] = await hub.call('provisioning.accounts-of', { staffId: id! });
      assert.equal(account!.externalId, 'p-1');
    } finally {
      await hub.stop();
    }
  });

  it('gives the truth once more when a call outlived its lease', async () => {
    const portal = createFakeApp('portal');
    const hub = await createProvisioningHub([portal]);
    try {
      let release = (): void => {};
      portal.before = () =>
        new Promise(resolve => {
          release = resolve;
        });
      const [id] = await hub.hire(1);
      await eventually('the call is under way', () => portal.calls.length === 1);
      // Another node took it over while the first one was stalled.
      await sql`update provisioning_task set lease_token = null, lease_until = null, state = 'ready',
        due_at = now() + interval '1 hour'`.execute(hub.db);
      portal.before = () => {};
      release();
      await eventually('it was sent again', async () => {
        const task = (await hub.task('portal', id!))!;
        return task.state === 'done' && portal.calls.length === 2;
      });
      assert.equal(portal.accounts.size, 1);
    } finally {
      await hub.stop();
    }
  });

  it('gives back what it has not begun, and finishes what it has, when a node stops', async () => {
    const portal = createFakeApp('portal', { guard: { concurrency: 2 } });
    const released = Promise.withResolvers<void>();
    portal.before = () => released.promise;
    const hub = await createProvisioningHub([portal]);
    try {
      await hub.hire(50);
      await eventually('work has begun', () => portal.calls.length >= 2);
      const stopped = hub.parts.find(part => part.name === 'provisioning')!.stop!();
      released.resolve();
      await stopped;
      const { rows } = await sql<{ state: string; count: number }>`
        select state, count(*)::int as count from provisioning_task group by state`.execute(hub.db);
      const count = (state: string) => rows.find(row => row.state === state)?.count ?? 0;
      assert.equal(count('leased'), 0);
      assert.equal(count('done'), portal.calls.length);
      assert.equal(count('done') + count('ready'), 50);
    } finally {
      await hub.stop();
    }
  });
});
