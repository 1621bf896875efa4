import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { App } from '#schemas/app.ts';
import { createFakeApp, type FakeApp } from '#tests/provisioning/fake-app.ts';
import {
  createProvisioningHub,
  eventually,
  type ProvisioningHub,
} from '#tests/provisioning/provisioning-hub.ts';

describe('An app whose rules change', () => {
  let app: FakeApp;
  let hub: ProvisioningHub;
  let ids: string[];

  beforeEach(async () => {
    app = createFakeApp('portal', {
      app: { entitlement: { purpose: 'test', attributes: ['unitId', 'title'] } },
    });
    hub = await createProvisioningHub([app]);
    ids = await hub.hire(600, { phone: '0912345678' });
    await hub.settled();
    await replanned();
    app.calls.length = 0;
  });
  afterEach(() => hub.stop());

  const mark = async (): Promise<{ digest: string; left: boolean } | undefined> => {
    const { rows } = await sql<{ digest: string; left: boolean }>`
      select digest, replan_from is not null as left from app_rules where app = 'portal'`.execute(hub.db);
    return rows[0];
  };
  /** The rules in force have been noted, everybody planned by them, and what followed from it delivered. */
  const replanned = async (before?: string): Promise<void> => {
    await eventually('everybody is planned anew', async () => {
      const now = await mark();
      return now !== undefined && !now.left && now.digest !== before;
    });
    await hub.settled();
  };
  const change = async (rules: Partial<App>): Promise<void> => {
    const before = (await mark())!.digest;
    Object.assign(app.app, rules);
    hub.context.wake.notify('apps');
    await replanned(before);
  };
  const phones = (): string[] => [...app.accounts.values()].map(account => account.values.phone ?? 'none');
  const generations = async (): Promise<number> => {
    const { rows } = await sql<{ sum: number }>`
      select sum(generation)::int as sum from provisioning_task`.execute(hub.db);
    return rows[0]!.sum;
  };

  it('is given at once what it may see now, by everybody', async () => {
    await change({ entitlement: { purpose: 'test', attributes: ['unitId', 'title', 'phone'] } });
    assert.equal(app.calls.length, ids.length);
    assert.deepEqual([...new Set(phones())], ['0912345678']);
  });

  it('is not called when nothing follows for anybody, and no task is made', async () => {
    const before = await generations();
    await change({ entitlement: { purpose: 'other', attributes: ['title', 'unitId', 'email'] } });
    await change({ entitlement: { purpose: 'other', attributes: ['title'] } });
    assert.deepEqual(app.calls, []);
    assert.equal(await generations(), before);
  });

  it('is not asked to forget what it may not see any more', async () => {
    await change({ entitlement: { purpose: 'test', attributes: ['phone'] } });
    app.calls.length = 0;
    await change({ entitlement: { purpose: 'test', attributes: [] } });
    assert.deepEqual(app.calls, []);
    assert.deepEqual([...new Set(phones())], ['0912345678']);
  });

  it('gets the values of a new mapping; whom it fails for is left alone', async () => {
    await change({ mapping: { title: `'Mã ' & code` } });
    assert.equal(app.calls.length, ids.length);
    assert.ok([...app.accounts.values()].every(({ values }) => values.title === `Mã ${values.code}`));
    await change({ mapping: { title: `$error('no')` } });
    assert.equal(app.calls.length, ids.length);
    assert.deepEqual((await hub.call('provisioning.dead-letters', {})).items, []);
  });

  it('loses no accounts beyond the guard when its units are narrowed', async () => {
    app.app.disableGuard = { maxAccounts: 20, maxPercent: 50 };
    const unitIds = ['00000000-0000-4000-8000-000000000009'];
    await change({ entitlement: { purpose: 'test', attributes: ['title'], unitIds } });
    assert.equal(app.calls.filter(call => call.method === 'disable').length, 20);
    const [health] = await hub.call('provisioning.health', {});
    assert.equal(health!.queue.held, ids.length - 20);
  });

  it('goes on where it was when the hub is started again', async () => {
    await sql`update app_rules set digest = 'other'`.execute(hub.db);
    await change({});
    await sql`delete from account where staff_id = ${ids[599]!}::uuid`.execute(hub.db);
    await sql`update app_rules set replan_from = ''`.execute(hub.db);
    hub.context.wake.notify('apps');
    await replanned();
    assert.deepEqual([...new Set(app.calls.map(call => call.staffId))], [ids[599]]);
  });

  it('is tried again soon when it was failing, for its settings may be right now', async () => {
    app.before = () => {
      throw new ConnectorError('unauthorised', 'wrong password');
    };
    await hub.change([{ staffId: ids[0]!, record: { name: 'Nguyễn Văn Anh' } }]);
    await eventually('it has failed', async () => (await hub.task('portal', ids[0]!))!.error_code !== null);
    await sql`update provisioning_task set due_at = now() + interval '1 hour' where state = 'ready'`.execute(
      hub.db,
    );
    app.before = () => {};
    hub.context.wake.notify('apps');
    await hub.settled();
    assert.equal((await hub.task('portal', ids[0]!))!.state, 'done');
  });
});

describe('An app that is met for the first time', () => {
  it('is given nobody unasked', async () => {
    const apps = [createFakeApp('portal')];
    const hub = await createProvisioningHub(apps);
    try {
      await hub.hire(30);
      await hub.settled();
      const late = createFakeApp('late');
      apps.push(late);
      hub.context.wake.notify('apps');
      await eventually('it is noted', async () => {
        const { rows } = await sql`select from app_rules where app = 'late'`.execute(hub.db);
        return rows.length === 1;
      });
      const [id] = await hub.hire(1);
      await hub.settled();
      assert.deepEqual(
        late.calls.map(call => call.staffId),
        [id],
      );
    } finally {
      await hub.stop();
    }
  });
});
