import assert from 'node:assert/strict';
import type { Route, RouteRequest } from '#hub/platform/http/route.ts';
import type { Scope } from '#schemas/app.ts';
import type { StaffAccount } from '#schemas/provisioning.ts';
import { createFakeApp } from '#tests/provisioning/fake-app.ts';
import { createProvisioningHub, type ProvisioningHub } from '#tests/provisioning/provisioning-hub.ts';

describe('The provisioning routes', () => {
  const app = createFakeApp('portal');
  let hub: ProvisioningHub;
  let routes: Route[];
  let ids: string[];

  before(async () => {
    hub = await createProvisioningHub([app]);
    routes = hub.parts.find(part => part.name === 'provisioning')!.routes!;
    ids = await hub.hire(3, { phone: '0912345678' });
    await hub.settled();
  });
  after(() => hub.stop());

  const ask = (method: string, path: string, request: Partial<RouteRequest>, scopes: Scope[] = ['admin']) => {
    const route = routes.find(one => one.method === method && one.path === path);
    if (route === undefined) throw new Error(`no route ${method} ${path}`);
    const caller = { clientId: 'test', scopes };
    return route.handle({ caller, params: {}, query: {}, body: {}, ...request } as RouteRequest);
  };

  it('page through tasks and calls, and take a limit as text', async () => {
    const first = (await ask('GET', '/api/v1/provisioning/tasks', { query: { limit: '2' } })) as {
      items: unknown[];
      next: string;
    };
    assert.equal(first.items.length, 2);
    const second = (await ask('GET', '/api/v1/provisioning/tasks', { query: { cursor: first.next } })) as {
      items: unknown[];
    };
    assert.equal(second.items.length, 1);
    const calls = (await ask('GET', '/api/v1/messages', { query: { app: 'portal' } })) as {
      items: unknown[];
    };
    assert.equal(calls.items.length, 3);
  });

  it('refuse a cursor that was never given out', async () => {
    for (const path of ['/api/v1/provisioning/tasks', '/api/v1/messages', '/api/v1/dead-letters'])
      await assert.rejects(ask('GET', path, { query: { cursor: 'xxx' } }), { code: 'invalid-request' });
  });

  it('show what an app was given only to administrators', async () => {
    const read = async (scopes: Scope[]) => {
      const answer = await ask('GET', '/api/v1/staff/{id}/accounts', { params: { id: ids[0]! } }, scopes);
      return (answer as { items: StaffAccount[] }).items[0]!;
    };
    assert.equal((await read(['admin'])).given.phone, '0912345678');
    assert.deepEqual((await read(['hr.read'])).given, {});
    assert.equal((await read(['hr.read'])).state, 'linked');
  });

  it('answer 404 for a dead letter that is none', async () => {
    for (const id of ['portal', `portal:${ids[0]}`, 'x:y'])
      await assert.rejects(ask('POST', '/api/v1/dead-letters/{id}/replay', { params: { id } }), {
        code: 'not-found',
      });
  });

  it('tell each app’s queue, accounts and last answer', async () => {
    const [health] = await hub.call('provisioning.health', {});
    assert.deepEqual(health!.queue, { ready: 0, leased: 0, dead: 0, held: 0, unfiled: 0 });
    assert.equal(health!.accounts, 3);
    assert.ok(health!.lastSuccessAt);
  });
});
