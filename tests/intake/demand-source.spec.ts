import assert from 'node:assert/strict';
import { demandSource } from '#hub/intake/demand-source.ts';
import createIntake from '#hub/intake/intake.service.ts';
import type { Caller, RouteRequest } from '#hub/platform/http/route.ts';
import type { Scope } from '#schemas/app.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const client = (appId?: string, ...scopes: Scope[]): Caller => ({
  clientId: 'c',
  ...(appId === undefined ? {} : { appId }),
  scopes: ['hr.write', ...scopes],
});
const foreign = { code: 'source-of-another', status: 403 };

describe('The source of records', () => {
  it('is the app of a client that belongs to one, or a name below it, and nothing else', () => {
    const caller = client('so-noi-vu');
    assert.equal(demandSource(caller, undefined, 'push'), 'so-noi-vu');
    assert.equal(demandSource(caller, 'so-noi-vu/truong-hoc', 'push'), 'so-noi-vu/truong-hoc');
    for (const source of ['hr', 'push', 'so-noi-vu2', 'hr/so-noi-vu'])
      assert.throws(() => demandSource(caller, source, 'push'), foreign, source);
    assert.throws(() => demandSource(client('so-noi-vu', 'admin'), 'hr', 'push'), foreign);
  });

  it('is any for an administrator without an app, and for others without one the usual name', () => {
    assert.equal(demandSource(client(undefined, 'admin'), 'hr', 'push'), 'hr');
    assert.equal(demandSource(client(), undefined, 'push'), 'push');
    assert.equal(demandSource(client(), 'push', 'push'), 'push');
    assert.throws(() => demandSource(client(), 'hr', 'push'), foreign);
  });

  describe('on the routes', () => {
    let hub: TestHub;
    before(async () => {
      hub = await createTestHub([createIntake], { started: false });
    });
    after(() => hub.stop());

    it('is looked at before records, files and meanings of headings are taken', async () => {
      const routes = hub.parts.flatMap(part => part.routes ?? []);
      const ask = (path: string, method: string, request: Partial<RouteRequest>) =>
        routes
          .find(route => route.path === path && route.method === method)!
          .handle({ caller: client('so-noi-vu'), headers: {}, params: {}, ...request } as RouteRequest);
      await assert.rejects(
        ask('/api/v1/hr/records', 'POST', { body: { source: 'hr', records: [{ name: 'An' }] } }),
        foreign,
      );
      await assert.rejects(ask('/api/v1/hr/imports', 'POST', { query: { source: 'hr' } }), foreign);
      const mapping = { params: { source: 'hr' }, body: { 'Họ tên': 'name' } };
      await assert.rejects(ask('/api/v1/hr/mappings/{source}', 'PUT', mapping), foreign);
    });
  });
});
