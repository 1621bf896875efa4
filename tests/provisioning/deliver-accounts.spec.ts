import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createFakeApp } from '#tests/provisioning/fake-app.ts';
import {
  createProvisioningHub,
  eventually,
  type ProvisioningHub,
} from '#tests/provisioning/provisioning-hub.ts';

describe('Delivering accounts', () => {
  const mail = createFakeApp('mail');
  const documents = createFakeApp('documents', { app: { entitlement: { purpose: 'x', attributes: [] } } });
  const portal = createFakeApp('portal');
  const apps = [mail, documents, portal];
  let hub: ProvisioningHub;

  before(async () => {
    hub = await createProvisioningHub(apps);
  });
  after(() => hub.stop());
  afterEach(() => {
    for (const app of apps) {
      app.before = () => {};
      app.afterEffect = () => {};
      app.calls.length = 0;
    }
  });

  const accountIn = async (app: string, staffId: string) => {
    const accounts = await hub.call('provisioning.accounts-of', { staffId });
    return accounts.find(account => account.app === app);
  };

  it('gives a newcomer an account in every app, with no more than the app is entitled to', async () => {
    const [id] = await hub.hire(1, { email: 'an.nv@hue.example', phone: '0912345678' });
    await hub.settled();
    const there = await hub.call('provisioning.accounts-of', { staffId: id! });
    assert.deepEqual(
      there.map(account => [account.app, account.state, account.enabled]),
      [
        ['documents', 'linked', true],
        ['mail', 'linked', true],
        ['portal', 'linked', true],
      ],
    );
    const inPortal = portal.accounts.get((await accountIn('portal', id!))!.externalId!)!;
    assert.equal(inPortal.values.phone, '0912345678');
    const inDocuments = documents.accounts.get((await accountIn('documents', id!))!.externalId!)!;
    assert.equal(inDocuments.values.phone, undefined);
    assert.equal(inDocuments.values.email, undefined);
  });

  it('writes one event for each account, versioned without gaps', async () => {
    const [id] = await hub.hire(1);
    await hub.settled();
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', phone: '0911111111' } }]);
    await hub.settled();
    const { rows } = await sql<{ type: string; version: number }>`
      select type, subject_version as version from event where subject = ${`account/portal/${id}`}
      order by subject_version`.execute(hub.db);
    assert.deepEqual(rows, [
      { type: 'vn.lienthong.account.created.v1', version: 1 },
      { type: 'vn.lienthong.account.updated.v1', version: 2 },
    ]);
  });

  it('does not call an app whose account is as it was given', async () => {
    const [id] = await hub.hire(1);
    await hub.settled();
    documents.calls.length = 0;
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', phone: '0922222222' } }]);
    await hub.settled();
    assert.equal(documents.calls.length, 0);
    // What it may not see is not even a task.
    assert.equal((await hub.task('documents', id!))!.generation, 1);
  });

  it('empties in the app what a person has no more, and leaves alone what the app has of its own', async () => {
    const [id] = await hub.hire(1, { phone: '0912345678' });
    await hub.settled();
    const { externalId } = (await accountIn('portal', id!))!;
    const inPortal = () => portal.accounts.get(externalId!)!;
    inPortal().values.email = 'own@portal.example';
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', phone: '' } }]);
    await hub.settled();
    assert.equal(portal.calls.at(-1)!.account!.phone, '');
    assert.deepEqual([inPortal().values.phone, inPortal().values.email], [undefined, 'own@portal.example']);
    portal.calls.length = 0;
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', gender: 'male' } }]);
    await hub.settled();
    assert.deepEqual(portal.calls, [], 'emptied once');
  });

  it('takes many changes of one person together, in order, never two at once', async () => {
    const [id] = await hub.hire(1);
    await hub.settled();
    let release = (): void => {};
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    portal.calls.length = 0;
    portal.before = () => gate;
    const phones = Array.from({ length: 8 }, (_, i) => `09300000${10 + i}`);
    for (const phone of phones)
      await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', phone } }]);
    await hub.fannedOut();
    release();
    await hub.settled();
    assert.ok(portal.calls.length <= 3, `${portal.calls.length} calls for 8 changes`);
    assert.equal(portal.calls.at(-1)!.account!.phone, phones.at(-1));
    assert.equal(portal.mostAtOnce(), 1);
  });

  it('closes the accounts of who leaves, keeps them, and opens them again on return', async () => {
    const [id] = await hub.hire(1);
    await hub.settled();
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', status: 'left' } }]);
    await hub.settled();
    const closed = (await accountIn('mail', id!))!;
    assert.equal(closed.enabled, false);
    assert.equal(mail.accounts.get(closed.externalId!)!.enabled, false);
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', status: 'active' } }]);
    await hub.settled();
    assert.equal(mail.accounts.get(closed.externalId!)!.enabled, true);
  });

  it('never makes an account for somebody who has left already', async () => {
    const [id] = await hub.hire(1, { status: 'left' });
    await hub.settled();
    assert.equal(portal.calls.filter(call => call.staffId === id).length, 0);
    assert.equal((await hub.task('portal', id!))!.state, 'done');
  });

  it('tells the register the mail address that the mail software gave', async () => {
    mail.before = call => {
      if (call.account && call.account.email === undefined)
        Object.assign(call.account, { email: `${call.account.username}@mail.example` });
    };
    const [id] = await hub.hire(1);
    await eventually('the address is in the register', async () => {
      const staff = await hub.call('staff.get', { id: id! });
      return staff.email?.endsWith('@mail.example') ?? false;
    });
    await hub.settled();
    const inPortal = portal.accounts.get((await accountIn('portal', id!))!.externalId!)!;
    assert.match(inPortal.values.email!, /@mail\.example$/);
    assert.equal(mail.calls.filter(call => call.staffId === id).length, 1, 'mail is not called twice for it');
  });

  it('stops at a refusal, shows it among the dead letters, and tries again on replay', async () => {
    portal.before = () => {
      throw new ConnectorError('refused', 'the title is not in the list');
    };
    const [id] = await hub.hire(1);
    await hub.settled();
    const { items } = await hub.call('provisioning.dead-letters', { app: 'portal', code: 'refused' });
    assert.deepEqual(
      items.map(item => [item.id, item.error]),
      [[`portal:${id}`, { code: 'refused', message: 'the title is not in the list' }]],
    );
    assert.equal((await hub.task('mail', id!))!.state, 'done');
    portal.before = () => {};
    assert.deepEqual(await hub.call('provisioning.replay', { id: `portal:${id}`, actor: 'test' }), {
      replayed: 1,
    });
    await hub.settled();
    assert.equal((await accountIn('portal', id!))!.enabled, true);
    await assert.rejects(hub.call('provisioning.replay', { id: `portal:${id}`, actor: 'test' }), {
      code: 'not-found',
    });
  });

  it('wakes a dead task when the person changes', async () => {
    portal.before = () => {
      throw new ConnectorError('refused', 'no');
    };
    const [id] = await hub.hire(1);
    await hub.settled();
    portal.before = () => {};
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', phone: '0944444444' } }]);
    await hub.settled();
    assert.deepEqual(
      [(await hub.task('portal', id!))!.state, (await hub.task('portal', id!))!.attempts],
      ['done', 0],
    );
  });

  it('marks an account as disputed when somebody else holds the name', async () => {
    portal.before = () => {
      throw new ConnectorError('conflict', 'the user name is taken');
    };
    const [id] = await hub.hire(1);
    await hub.settled();
    assert.equal((await accountIn('portal', id!))!.state, 'disputed');
    const { rows } = await sql<{ type: string }>`
      select type from event where subject = ${`account/portal/${id}`}`.execute(hub.db);
    assert.deepEqual(rows, [{ type: 'vn.lienthong.account.disputed.v1' }]);
  });

  it('disputes an account that the app gives to two people', async () => {
    const [first] = await hub.hire(1);
    await hub.settled();
    const taken = (await accountIn('portal', first!))!.externalId!;
    portal.before = call => {
      // The app confuses two people.
      if (call.account) Object.assign(call.account, { externalId: taken });
    };
    const [second] = await hub.hire(1);
    await hub.settled();
    portal.before = () => {};
    assert.equal((await accountIn('portal', second!))!.state, 'disputed');
    assert.equal((await accountIn('portal', first!))!.externalId, taken);
  });

  it('makes an account anew that has vanished from the app', async () => {
    const [id] = await hub.hire(1);
    await hub.settled();
    const before = (await accountIn('portal', id!))!.externalId!;
    portal.accounts.delete(before);
    await hub.change([{ staffId: id!, record: { name: 'Nguyễn Văn An', phone: '0955555555' } }]);
    await hub.settled();
    const after = (await accountIn('portal', id!))!;
    assert.notEqual(after.externalId, before);
    assert.equal(portal.accounts.get(after.externalId!)!.values.phone, '0955555555');
  });

  it('keeps a trace of every call that can be paged, without personal data', async () => {
    const [id] = await hub.hire(1, { phone: '0966666666' });
    await hub.settled();
    const all = await hub.call('provisioning.exchanges', { staffId: id! });
    assert.equal(all.items.length, 3);
    assert.doesNotMatch(JSON.stringify(all), /0966666666|Nguyễn/);
    const one = await hub.call('provisioning.exchanges', { staffId: id!, limit: 2 });
    const two = await hub.call('provisioning.exchanges', { staffId: id!, limit: 2, cursor: one.next! });
    assert.deepEqual([...one.items, ...two.items], all.items);
    assert.equal(two.next, undefined);
  });
});
