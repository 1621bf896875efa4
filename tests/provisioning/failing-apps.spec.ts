import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createFakeApp, type FakeApp } from '#tests/provisioning/fake-app.ts';
import {
  createProvisioningHub,
  eventually,
  type ProvisioningHub,
} from '#tests/provisioning/provisioning-hub.ts';

const fail =
  (code: ConstructorParameters<typeof ConnectorError>[0], options: { retryAfterMs?: number } = {}) =>
  (): never => {
    throw new ConnectorError(code, `told to fail: ${code}`, options);
  };

describe('Apps that fail', () => {
  let well: FakeApp;
  let ill: FakeApp;
  let hub: ProvisioningHub;

  beforeEach(async () => {
    well = createFakeApp('well');
    ill = createFakeApp('ill');
    hub = await createProvisioningHub([well, ill]);
  });
  afterEach(() => hub.stop());

  const doneIn = async (app: string): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from provisioning_task where app = ${app} and state = 'done'`.execute(
      hub.db,
    );
    return rows[0]!.count;
  };

  it('are tried again after a while, and the attempts are counted', async () => {
    let failures = 2;
    ill.before = () => {
      if (failures-- > 0) fail('unavailable')();
    };
    const [id] = await hub.hire(1);
    await hub.settled();
    assert.equal((await hub.task('ill', id!))!.state, 'done');
    assert.equal(ill.calls.length, 3);
  });

  it('do not hold back another app, nor use up attempts while the breaker is open', async () => {
    ill.before = fail('unavailable');
    const ids = await hub.hire(40);
    await eventually('the other app has everybody', async () => (await doneIn('well')) === 40);
    await eventually('the breaker has opened', () => ill.calls.length >= 5);
    const { rows } = await sql<{ attempts: number; state: string }>`
      select attempts, state from provisioning_task where app = 'ill'`.execute(hub.db);
    assert.equal(rows.length, 40);
    assert.ok(rows.filter(row => row.attempts === 0).length >= 20, 'most were put back untouched');
    assert.ok(rows.every(row => row.state === 'ready' || row.state === 'leased'));
    const health = (await hub.call('provisioning.health', {})).find(one => one.app === 'ill')!;
    assert.equal(health.lastError?.code, 'unavailable');
    ill.before = () => {};
    await hub.settled();
    assert.equal(ill.accounts.size, ids.length);
  });

  it('get what waited for them at once when they are well again', async () => {
    ill.before = fail('timed-out');
    const [id] = await hub.hire(1);
    await eventually('it has failed', async () => (await hub.task('ill', id!))?.error_code === 'timed-out');
    await sql`update provisioning_task set due_at = now() + interval '2 hours', state = 'ready'
      where app = 'ill'`.execute(hub.db);
    ill.before = () => {};
    await hub.hire(1);
    await hub.settled();
    assert.equal((await hub.task('ill', id!))!.state, 'done');
  });

  it('are left alone for as long as they ask', async () => {
    let asked = 0;
    ill.before = () => {
      if (asked++ === 0) fail('rate-limited', { retryAfterMs: 1500 })();
    };
    const [id] = await hub.hire(1);
    await eventually(
      'it was asked to wait',
      async () => (await hub.task('ill', id!))?.error_code === 'rate-limited',
    );
    const told = await hub.task('ill', id!);
    assert.ok(told!.due_in_ms > 1000, `due in ${told!.due_in_ms} ms`);
    assert.equal(told!.attempts, 0);
    await hub.hire(1);
    await eventually('the other app has both', async () => (await doneIn('well')) === 2);
    assert.equal(ill.calls.length, 1);
    await hub.settled();
    assert.equal(ill.accounts.size, 2);
  });

  it('hold back only the person whom they cannot take', async () => {
    const [stuck] = await hub.hire(1);
    await hub.settled();
    ill.before = call => {
      if (call.staffId === stuck) fail('unexpected-answer')();
    };
    await hub.change([{ staffId: stuck!, record: { name: 'Nguyễn Văn An', phone: '0977777777' } }]);
    const others = await hub.hire(10);
    await eventually('the others are there', async () => (await doneIn('ill')) === others.length);
    assert.notEqual((await hub.task('ill', stuck!))!.state, 'done');
  });

  it('get the same once in effect when an answer is lost', async () => {
    let lost = 0;
    ill.afterEffect = () => {
      if (lost++ === 0) fail('timed-out')();
    };
    const [id] = await hub.hire(1);
    await hub.settled();
    assert.equal(ill.calls.length, 2);
    assert.equal(ill.accounts.size, 1);
    const [account] = (await hub.call('provisioning.accounts-of', { staffId: id! })).filter(
      one => one.app === 'ill',
    );
    assert.equal(account!.state, 'linked');
  });

  it('keep their tasks untouched while they are switched off', async () => {
    ill.app.enabled = false;
    hub.context.wake.notify('apps');
    const [id] = await hub.hire(1);
    await eventually('the other app has them', async () => (await doneIn('well')) === 1);
    assert.equal((await hub.task('ill', id!))!.state, 'ready');
    assert.equal(ill.calls.length, 0);
    ill.app.enabled = true;
    hub.context.wake.notify('apps');
    await hub.settled();
    assert.equal(ill.accounts.size, 1);
  });

  it('get a dead letter that names the field when a mapping fails, and only for that person', async () => {
    ill.app.mapping = { Title: 'phone = "0988888888" ? {"a": 1} : name & "!"' };
    hub.context.wake.notify('apps');
    const [bad] = await hub.hire(1, { phone: '0988888888' });
    const [good] = await hub.hire(1);
    await hub.settled();
    const { items } = await hub.call('provisioning.dead-letters', { code: 'mapping-failed' });
    assert.deepEqual(
      items.map(item => [item.staffId, item.error!.message]),
      [[bad, 'the mapping of Title failed: the result is neither text nor a number']],
    );
    const linked = (await hub.call('provisioning.accounts-of', { staffId: good! })).find(
      one => one.app === 'ill',
    )!;
    assert.deepEqual(ill.accounts.get(linked.externalId!)!.values.extra, { Title: 'Nguyễn Văn An!' });
  });
});

describe('An app where accounts do not begin with the hub', () => {
  it('is asked again slowly for a person it does not know yet, and never made to create one', async () => {
    const hr = createFakeApp('hr', { createsAccounts: false });
    const hub = await createProvisioningHub([hr], { random: () => 0.5 });
    try {
      const [id] = await hub.hire(1);
      await eventually('it was asked', async () => (await hub.task('hr', id!))?.error_code === 'not-found');
      const task = (await hub.task('hr', id!))!;
      assert.equal(task.state, 'ready');
      assert.ok(task.due_in_ms > 4 * 60_000, `due in ${task.due_in_ms} ms`);
      assert.equal(hr.accounts.size, 0);
    } finally {
      await hub.stop();
    }
  });

  it('has people who wait for their file there, and neither work nor a fault', async () => {
    const hr = createFakeApp('hr', { createsAccounts: false });
    const hub = await createProvisioningHub([hr]);
    try {
      const [id] = await hub.hire(1);
      await eventually('it was asked', async () => (await hub.task('hr', id!))?.error_code === 'not-found');
      // Asked for the hundredth time, it is still nobody's fault.
      await sql`update provisioning_task set attempts = 100, due_at = now()`.execute(hub.db);
      hub.context.wake.notify('tasks');
      await eventually('it was asked again', () => hr.calls.length === 2);
      await eventually('it waits on', async () => (await hub.task('hr', id!))?.state === 'ready');
      await eventually('the health has it', async () => {
        const [health] = await hub.call('provisioning.health', {});
        const { unfiled, ...others } = health!.queue;
        return unfiled === 1 && Object.values(others).every(count => count === 0) && !health!.lastError;
      });
    } finally {
      await hub.stop();
    }
  });
});
