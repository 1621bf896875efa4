import assert from 'node:assert/strict';
import { startGateway } from '#hub/gateway/start-gateway.ts';
import type { Scope } from '#schemas/app.ts';
import type { Subscription } from '#schemas/subscription.ts';
import { createDeliveryHub, type DeliveryHub, type Made } from '#tests/delivery/delivery-hub.ts';

const url = 'http://127.0.0.1:9/hook';

describe('The routes of subscriptions', function () {
  this.timeout(20_000);
  let hub: DeliveryHub;
  before(async () => {
    hub = await createDeliveryHub({ started: false });
    await hub.app('portal', { eventTypes: ['staff.joined', 'staff.left', 'salary.changed'] });
    await hub.app('mail');
  });
  after(() => hub.stop());
  const of = (appId?: string, scopes: Scope[] = ['subscriptions.manage']) => ({
    caller: { clientId: 'c', scopes, ...(appId === undefined ? {} : { appId }) },
  });
  const faultsOf = (body: unknown) =>
    hub.ask('POST', '/subscriptions', { body, ...of('portal') }).then(
      () => [],
      error => error.faults as { pointer: string; code: string }[],
    );

  it('show a client the subscriptions of its own app only', async () => {
    const mine = await hub.ask<Made>('POST', '/subscriptions', { body: { url }, ...of('portal') });
    assert.equal(mine.app, 'portal');
    assert.match(mine.secrets[0]!, /^whsec_/);
    const theirs = await hub.ask<Made>('POST', '/subscriptions', { body: { url, app: 'mail' } });
    const list = await hub.ask<{ items: Subscription[] }>('GET', '/subscriptions', of('portal'));
    assert.deepEqual(
      list.items.map(({ id }) => id),
      [mine.id],
    );
    assert.ok(!JSON.stringify(list).includes(mine.secrets[0]!));
    for (const [method, verb] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/pause'],
      ['POST', '/rotate-secret'],
      ['POST', '/test'],
      ['POST', '/replay'],
      ['GET', '/deliveries'],
    ] as const)
      await assert.rejects(
        hub.ask(method, `/subscriptions/${theirs.id}${verb}`, {
          body: { from: 'beginning' },
          ...of('portal'),
        }),
        { code: 'unknown-subscription' },
        `${method} ${verb}`,
      );
    await assert.rejects(hub.ask('POST', '/subscriptions', { body: { url, app: 'mail' }, ...of('portal') }), {
      code: 'unknown-app',
    });
    await assert.rejects(hub.ask('GET', '/subscriptions', of()), { code: 'insufficient-scope' });
    const all = await hub.ask<{ items: Subscription[] }>('GET', '/subscriptions');
    assert.equal(all.items.length, 2);
  });

  it('refuse types beyond the entitlement, bad addresses and bad places, each with its place', async () => {
    assert.deepEqual(
      (await faultsOf({ url, types: ['staff.joined', 'staff.moved', 'salary.changed', 'nonsense'] })).map(
        ({ pointer, code }) => [pointer, code],
      ),
      [
        ['/types/1', 'not-entitled'],
        ['/types/2', 'not-entitled'],
        ['/types/3', 'unknown-event-type'],
      ],
    );
    assert.deepEqual(await faultsOf({ url: 'http://169.254.169.254/' }), [
      { pointer: '/url', code: 'address-not-allowed' },
    ]);
    assert.deepEqual(await faultsOf({ url, from: 'yesterday' }), [{ pointer: '/from', code: 'bad-place' }]);
    assert.deepEqual(await faultsOf({ url, types: ['vn.lienthong.staff.left.v1'] }), []);
  });

  it('change what is given and leave the rest, with a line in the trail', async () => {
    const { id } = await hub.subscribe(url, { signatures: ['v1a'], rate: 5, contact: 'a@tinh.gov.vn' });
    const changed = await hub.ask<Subscription>('PATCH', `/subscriptions/${id}`, {
      body: { rate: null, description: 'mới' },
    });
    assert.deepEqual(
      [changed.rate, changed.description, changed.contact, changed.url],
      [null, 'mới', 'a@tinh.gov.vn', url],
    );
    assert.match(changed.publicKeys[0]!, /^whpk_/);
    assert.equal((await hub.ask<Subscription>('POST', `/subscriptions/${id}/pause`)).state, 'paused');
    await hub.ask('DELETE', `/subscriptions/${id}`);
    await assert.rejects(hub.show(id), { code: 'unknown-subscription' });
    const trail = await hub.ask<{ items: { action: string }[] }>('GET', '/audit', {
      query: { object: `subscription/${id}` },
    });
    assert.deepEqual(
      trail.items.map(({ action }) => action).toReversed(),
      ['created', 'changed', 'paused', 'deleted'].map(verb => `subscription.${verb}`),
    );
  });

  it('are described, and answer hostile input with problem details', async () => {
    const routes = hub.parts.flatMap(part => part.routes ?? []);
    const gateway = await startGateway(
      { ...hub.context, config: { ...hub.context.config, port: 0 } },
      routes,
      async () => ({
        ready: true,
        roles: {},
      }),
    );
    const origin = `http://127.0.0.1:${gateway.port}`;
    const described = (await (await fetch(`${origin}/api/openapi.json`)).json()) as { paths: object };
    assert.ok('/api/v1/subscriptions/{id}/send-missing' in described.paths);
    const refused = await fetch(`${origin}/api/v1/subscriptions`, { method: 'POST', body: '{}' });
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('content-type')!, /problem\+json/);
    await gateway.stop();
  });
});
