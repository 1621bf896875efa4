import assert from 'node:assert/strict';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { App } from '#schemas/app.ts';
import type { Finding } from '#schemas/provisioning.ts';
import { createFakeApp, type FakeApp } from '#tests/provisioning/fake-app.ts';
import {
  createProvisioningHub,
  eventually,
  type ProvisioningHub,
} from '#tests/provisioning/provisioning-hub.ts';

describe('Reconciliation', () => {
  let app: FakeApp;
  let hub: ProvisioningHub;
  let ids: string[];

  beforeEach(async () => {
    app = createFakeApp('portal', { app: { disableGuard: { maxAccounts: 5, maxPercent: 50 } } });
    hub = await createProvisioningHub([app]);
    ids = await hub.hire(30, { phone: '0912345678' });
    await hub.settled();
    app.calls.length = 0;
  });
  afterEach(() => hub.stop());

  const compare = async (): Promise<{ id: string; counts: Record<string, number>; findings: Finding[] }> => {
    const { id } = await hub.call('provisioning.reconcile', { app: 'portal', actor: 'test' });
    await eventually('the comparison is over', async () => {
      const { state } = await hub.call('provisioning.reconciliation', { id });
      return state !== 'running';
    });
    const { state, counts } = await hub.call('provisioning.reconciliation', { id });
    assert.equal(state, 'done');
    const { items } = await hub.call('provisioning.findings', { id, limit: 500 });
    return { id, counts, findings: items };
  };
  const fixed = (id: string) =>
    eventually('it is mended', async () => {
      const { state } = await hub.call('provisioning.reconciliation', { id });
      return state === 'fixed';
    });
  const accountOf = async (staffId: string) => {
    const [account] = await hub.call('provisioning.accounts-of', { staffId });
    return app.accounts.get(account!.externalId!)!;
  };

  const plantDrift = async () => {
    const [missing, different, closed, left, wrong, victim] = await Promise.all(
      ids.slice(0, 6).map(accountOf),
    );
    app.accounts.delete(missing!.externalId);
    different!.values.phone = '0999999999';
    closed!.enabled = false;
    await hub.change([{ staffId: ids[3]!, record: { name: 'Nguyễn Văn An', status: 'left' } }]);
    await hub.settled();
    app.accounts.get(left!.externalId)!.enabled = true;
    wrong!.values.code = victim!.values.code!;
    const nobody = { username: 'cu.1', name: 'Lê Thị Không' };
    app.accounts.set('orphan-1', {
      externalId: 'orphan-1',
      enabled: true,
      values: { ...nobody, code: '999999' },
    });
    app.accounts.set('orphan-2', {
      externalId: 'orphan-2',
      enabled: true,
      values: { ...nobody, username: 'cu.2' },
    });
    app.accounts.set('old', { externalId: 'old', enabled: false, values: { ...nobody, username: 'cu.3' } });
    app.calls.length = 0;
    return { different: different!, closed: closed!, left: left!, wrong: wrong! };
  };

  it('finds nothing where nothing is wrong, and only reads', async () => {
    const { counts, findings } = await compare();
    assert.deepEqual(findings, []);
    assert.deepEqual([counts.linked, counts.accounts, counts.people], [30, 30, 30]);
    assert.ok(app.calls.every(call => call.method === 'list'));
  });

  it('finds exactly what is wrong, and mends it', async () => {
    const planted = await plantDrift();
    const { id, counts, findings } = await compare();
    const found = findings.map(({ kind, staffId, externalId, action, differences }) =>
      [kind, staffId ?? '', externalId ?? '', action, Object.keys(differences ?? {}).join()].join(' '),
    );
    assert.deepEqual(
      found.sort(),
      [
        `missing ${ids[0]}  create `,
        `different ${ids[1]} ${planted.different.externalId} update phone`,
        `different ${ids[2]} ${planted.closed.externalId} update enabled`,
        `different ${ids[3]} ${planted.left.externalId} disable enabled`,
        `disputed ${ids[4]} ${planted.wrong.externalId} update `,
        'orphan  orphan-1 disable ',
        'orphan  orphan-2 disable ',
      ].sort(),
    );
    assert.deepEqual(
      [counts.missing, counts.different, counts.disputed, counts.orphan, counts.closed, counts.linked],
      [1, 3, 1, 2, 1, 25],
    );
    assert.ok(app.calls.every(call => call.method === 'list'));

    const kinds = ['missing', 'different', 'disputed', 'orphan'];
    assert.deepEqual(await hub.call('provisioning.fix', { id, kinds, actor: 'test' }), { queued: 7 });
    await fixed(id);
    const again = await compare();
    assert.deepEqual(again.findings, []);
    assert.equal(app.accounts.get('orphan-1')!.enabled, false);
    assert.equal((await accountOf(ids[1]!)).values.phone, '0912345678');
    assert.equal((await accountOf(ids[3]!)).enabled, false);
    assert.equal((await accountOf(ids[4]!)).values.code, (await hub.call('staff.get', { id: ids[4]! })).code);
    const trace = await hub.call('provisioning.exchanges', { app: 'portal', limit: 500 });
    assert.ok(trace.items.some(one => one.externalId === 'orphan-1' && one.method === 'disable'));
  });

  it('says whose an account is as far as the app tells, and who misses one', async () => {
    await plantDrift();
    const { findings } = await compare();
    const of = (externalId: string) => findings.find(one => one.externalId === externalId)!;
    assert.deepEqual(of('orphan-1').account, { code: '999999', username: 'cu.1', name: 'Lê Thị Không' });
    assert.deepEqual(of('orphan-2').account, { username: 'cu.2', name: 'Lê Thị Không' });
    assert.equal(of('orphan-1').person, undefined);
    for (const { staffId, person } of findings.filter(one => one.staffId !== undefined)) {
      const { code, name } = await hub.call('staff.get', { id: staffId! });
      assert.deepEqual(person, { code, name });
    }
  });

  it('refuses to mend nothing, or what it did not find', async () => {
    await plantDrift();
    const { id, findings } = await compare();
    const fix = (choice: { kinds?: string[]; findingIds?: number[] }) =>
      hub.call('provisioning.fix', { id, ...choice, actor: 'test' });
    const refused = (pointer: string, code: string) => (error: unknown) => {
      assert.deepEqual((error as { faults?: unknown }).faults, [{ pointer, code }]);
      return true;
    };
    await assert.rejects(fix({}), refused('', 'nothing-chosen'));
    await assert.rejects(fix({ kinds: [], findingIds: [] }), refused('', 'nothing-chosen'));
    await assert.rejects(
      fix({ findingIds: [findings[0]!.id, 123_456_789] }),
      refused('/findingIds/1', 'unknown-finding'),
    );
    const { items } = await hub.call('provisioning.findings', { id, limit: 500 });
    assert.ok(items.every(finding => finding.state === 'open'));
  });

  it('says of an app without a connector that there is nothing to compare', async () => {
    const { connector: _without, ...rest } = app.app;
    const reader = { ...rest, id: 'thi-dua' };
    const bare = await createProvisioningHub([{ ...app, app: reader as App }]);
    try {
      await assert.rejects(bare.call('provisioning.reconcile', { app: 'thi-dua', actor: 'test' }), {
        code: 'no-accounts',
      });
    } finally {
      await bare.stop();
    }
  });

  it('finds a value that the person has lost, but none that the app has of its own', async () => {
    await hub.change([{ staffId: ids[0]!, record: { name: 'Nguyễn Văn An', phone: '' } }]);
    await hub.settled();
    (await accountOf(ids[0]!)).values.phone = '0912345678';
    (await accountOf(ids[1]!)).values.email = 'own@portal.example';
    const { id, findings } = await compare();
    assert.deepEqual(
      findings.map(({ staffId, differences }) => [staffId, differences]),
      [[ids[0], { phone: { app: '0912345678', register: '' } }]],
    );
    await hub.call('provisioning.fix', { id, kinds: ['different'], actor: 'test' });
    await fixed(id);
    assert.equal((await accountOf(ids[0]!)).values.phone, undefined);
    assert.deepEqual((await compare()).findings, []);
  });

  it('mends only what was chosen', async () => {
    await plantDrift();
    const { id, findings } = await compare();
    const one = findings.find(finding => finding.kind === 'different' && finding.action === 'update')!;
    await hub.call('provisioning.fix', { id, findingIds: [one.id], actor: 'test' });
    await fixed(id);
    const { items } = await hub.call('provisioning.findings', { id, limit: 500 });
    assert.deepEqual(
      items.filter(finding => finding.state === 'done').map(finding => finding.id),
      [one.id],
    );
    assert.equal((await compare()).findings.length, findings.length - 1);
  });

  it('puts right two people whose accounts were linked the wrong way round', async () => {
    const [a, b] = await Promise.all(ids.slice(0, 2).map(accountOf));
    await hub.call('provisioning.adopt', {
      links: [
        { app: 'portal', staffId: ids[0]!, externalId: b!.externalId, enabled: true },
        { app: 'portal', staffId: ids[1]!, externalId: a!.externalId, enabled: true },
      ],
    });
    const { id, findings } = await compare();
    assert.deepEqual(
      findings.map(({ kind, action }) => [kind, action]),
      [
        ['disputed', 'relink'],
        ['disputed', 'relink'],
      ],
    );
    await hub.call('provisioning.fix', { id, kinds: ['disputed'], actor: 'test' });
    await fixed(id);
    assert.equal((await accountOf(ids[0]!)).externalId, a!.externalId);
    assert.equal((await accountOf(ids[1]!)).externalId, b!.externalId);
    assert.deepEqual((await compare()).findings, []);
  });

  it('closes a second account of the same person, not the linked one', async () => {
    const own = await accountOf(ids[0]!);
    app.accounts.set('second', {
      externalId: 'second',
      enabled: true,
      values: { code: own.values.code!, username: 'khac', name: 'Nguyễn Văn An' },
    });
    const { id, findings } = await compare();
    assert.deepEqual(
      findings.map(({ kind, externalId, action }) => [kind, externalId, action]),
      [['disputed', 'second', 'disable']],
    );
    await hub.call('provisioning.fix', { id, kinds: ['disputed'], actor: 'test' });
    await fixed(id);
    assert.equal(app.accounts.get('second')!.enabled, false);
    assert.equal((await accountOf(ids[0]!)).enabled, true);
    assert.deepEqual((await compare()).findings, []);
  });

  it('asks before it disables more than the guard allows, and writes nothing until confirmed', async () => {
    for (let nr = 1; nr <= 8; nr++)
      app.accounts.set(`o-${nr}`, {
        externalId: `o-${nr}`,
        enabled: true,
        values: { username: `cu.${nr}`, name: 'x' },
      });
    const { id } = await compare();
    const request = { id, kinds: ['orphan'], actor: 'test' };
    let token = '';
    await assert.rejects(hub.call('provisioning.fix', request), (error: unknown) => {
      const { code, params } = error as { code: string; params: Record<string, string | number> };
      token = String(params.token);
      return code === 'plan-needs-confirmation' && params.count === 8;
    });
    const { items } = await hub.call('provisioning.findings', { id });
    assert.ok(items.every(finding => finding.state === 'open'));
    assert.ok(app.calls.every(call => call.method === 'list'));
    await assert.rejects(hub.call('provisioning.fix', { ...request, confirm: 'wrong' }), {
      code: 'plan-needs-confirmation',
    });
    await hub.call('provisioning.fix', { ...request, confirm: token });
    await fixed(id);
    assert.ok(
      [...app.accounts.values()].filter(one => one.externalId.startsWith('o-')).every(one => !one.enabled),
    );
  });

  it('does not judge who has a change under way', async () => {
    app.before = call => {
      if (call.method === 'upsert') throw new ConnectorError('rate-limited', 'later', { retryAfterMs: 1 });
    };
    await hub.change([{ staffId: ids[0]!, record: { name: 'Nguyễn Văn An', phone: '0900000000' } }]);
    await hub.fannedOut();
    const { findings, counts } = await compare();
    assert.deepEqual([findings.length, counts.pending], [0, 1]);
    app.before = () => {};
    await hub.settled();
  });

  it('says why when the app does not list its accounts', async () => {
    app.before = () => {
      throw new ConnectorError('refused', 'no listings');
    };
    const { id } = await hub.call('provisioning.reconcile', { app: 'portal', actor: 'test' });
    await eventually('it has failed', async () => {
      const found = await hub.call('provisioning.reconciliation', { id });
      return found.state === 'failed' && found.error === 'refused';
    });
    await assert.rejects(hub.call('provisioning.fix', { id, kinds: ['orphan'], actor: 'test' }), {
      code: 'conflict',
    });
    await assert.rejects(hub.call('provisioning.reconcile', { app: 'nothing', actor: 'test' }), {
      code: 'unknown-app',
    });
    await assert.rejects(hub.call('provisioning.reconciliation', { id: 'x' }), {
      code: 'unknown-reconciliation',
    });
  });
});

describe('Adopting accounts that exist already', () => {
  it('leaves the next plan nothing to do', async () => {
    const app = createFakeApp('portal');
    const hub = await createProvisioningHub([app], { started: false });
    try {
      const ids = await hub.hire(20, { phone: '0912345678' });
      for (const id of ids) {
        const { code, username, name, phone } = await hub.call('staff.get', { id });
        app.accounts.set(`p-${code}`, {
          externalId: `p-${code}`,
          enabled: true,
          values: { code, username, name, phone },
        });
      }
      const links = await Promise.all(
        ids.map(async staffId => ({
          app: 'portal',
          staffId,
          externalId: `p-${(await hub.call('staff.get', { id: staffId })).code}`,
          enabled: true,
        })),
      );
      assert.deepEqual(await hub.call('provisioning.adopt', { links }), { adopted: 20 });
      // From the beginning of the log: everybody is planned once more.
      await hub.parts.find(part => part.name === 'provisioning')!.start!();
      await hub.settled();
      assert.equal((await hub.call('provisioning.tasks', { app: 'portal', state: 'done' })).items.length, 20);
      assert.deepEqual(app.calls, []);
    } finally {
      await hub.stop();
    }
  });

  it('can count as delivered what an app that is not on yet has been waiting for', async () => {
    const app = createFakeApp('portal', { app: { enabled: false } });
    const hub = await createProvisioningHub([app]);
    try {
      await hub.hire(5);
      await hub.fannedOut();
      await hub.call('provisioning.start-from-now', {});
      app.app.enabled = true;
      hub.context.wake.notify('apps');
      const [id] = await hub.hire(1);
      await hub.settled();
      assert.deepEqual(
        app.calls.map(call => call.staffId),
        [id],
      );
    } finally {
      await hub.stop();
    }
  });

  it('can begin at the end of the log', async () => {
    const app = createFakeApp('portal');
    const hub = await createProvisioningHub([app], { started: false });
    try {
      await hub.hire(5);
      await hub.call('provisioning.start-from-now', {});
      await hub.parts.find(part => part.name === 'provisioning')!.start!();
      const [id] = await hub.hire(1);
      await hub.settled();
      assert.deepEqual(
        app.calls.map(call => call.staffId),
        [id],
      );
    } finally {
      await hub.stop();
    }
  });
});
