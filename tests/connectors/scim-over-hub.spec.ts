import assert from 'node:assert/strict';
import createApps from '#hub/apps/apps.service.ts';
import createConnectors from '#hub/connectors/connectors.service.ts';
import { type Gateway, startGateway } from '#hub/gateway/start-gateway.ts';
import createProvisioning from '#hub/provisioning/provisioning.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { basePath, createScim, tokenPath } from '#sandbox/scim/scim.ts';
import createSso from '#sso/sso.service.ts';
import { eventually } from '#tests/provisioning/provisioning-hub.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('A seventh app that speaks SCIM', () => {
  const client = { clientId: 'lien-thong', clientSecret: 'secret-of-the-seventh-app' };
  let app: RunningApp;
  let hub: TestHub;
  let gateway: Gateway;
  let ask: (method: string, path: string, body?: unknown) => Promise<Response>;
  let nr = 0;

  before(async () => {
    const credentials = { ...client, token: 'unused-token' };
    app = await serveApp(createScim({ accounts: [], credentials }));
    const port = await chooseFreePort();
    const origin = `http://127.0.0.1:${port}`;
    hub = await createTestHub(
      [createUnits, createStaff, createApps, createConnectors, createProvisioning, createSso],
      { config: { port, origin } },
    );
    gateway = await startGateway(
      hub.context,
      hub.parts.flatMap(part => part.routes ?? []),
      async () => ({ ready: true, roles: { hub: true } }),
      hub.parts.flatMap(part => part.mounts ?? []),
    );
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
    const made = await hub.call('apps.create-client', { scopes: ['admin'], actor: 'test' });
    const issued = await fetch(`${origin}/sso/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: made.clientId,
        client_secret: made.clientSecret,
      }),
    });
    const { access_token: token } = (await issued.json()) as { access_token: string };
    ask = (method, path, body) =>
      fetch(`${origin}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
  });
  after(async () => {
    await gateway?.stop();
    await hub?.stop();
    await app?.stop();
  });

  const apply = async (record: Record<string, unknown>, unitCode: string, staffId?: string) => {
    const unit = (await hub.call('units.list', {})).find(one => one.code === unitCode)!;
    const [outcome] = await hub.call('staff.apply', {
      changes: [
        {
          origin: `scim-${++nr}`,
          ...(staffId === undefined ? {} : { staffId }),
          record: {
            code: '000701',
            name: 'Trần Thị Bình',
            positions: [{ unit: unitCode, title: 'Chuyên viên', main: true }],
            ...record,
          },
          unitIds: [unit.id],
        },
      ],
      source: 'test',
      actor: 'test',
    });
    hub.context.wake.notify('events');
    return outcome!.staffId!;
  };
  const held = async () => (await (await fetch(`${app.origin}/_state/accounts`)).json()) as SandboxAccount[];

  it('is registered by one PUT and gets a hired person, a change, and the end', async () => {
    const put = await ask('PUT', '/apps/land-records', {
      name: 'Quản lý đất đai',
      owner: 'Sở Nông nghiệp và Môi trường',
      connector: 'scim',
      enabled: true,
      settings: {
        baseUrl: app.origin + basePath,
        auth: 'oauth',
        tokenUrl: app.origin + tokenPath,
        ...client,
        unitCodeAt: 'organization',
      },
      entitlement: {
        purpose: 'Cán bộ địa chính',
        attributes: ['code', 'username', 'name', 'phone', 'unitCode', 'unitName', 'title'],
      },
    });
    assert.equal(put.status, 200, await put.text());
    await eventually('the connector runs', async () => {
      const { items } = (await (await ask('GET', '/connectors')).json()) as { items: { id: string }[] };
      return items.some(({ id }) => id === 'scim');
    });
    const check = (await (await ask('POST', '/connectors/scim/check')).json()) as { ok: boolean };
    assert.equal(check.ok, true);

    const staffId = await apply({ phone: '0912345678' }, '474');
    await eventually('the account is there', async () => (await held()).length > 0);
    const [account] = await held();
    const unitOf = (code: string) => readAdministrativeUnits().find(unit => unit.code === code)!.name;
    assert.deepEqual(
      [account!.code, account!.name, account!.phone, account!.title, account!.unitCode, account!.unitName],
      ['000701', 'Trần Thị Bình', '0912345678', 'Chuyên viên', '474', unitOf('474')],
    );
    assert.equal(account!.enabled, true);

    await apply({ phone: '0912345678' }, '477', staffId);
    await eventually('the move is there', async () => (await held())[0]!.unitName === unitOf('477'));
    await apply({ status: 'left' }, '477', staffId);
    await eventually('the account is closed', async () => !(await held())[0]!.enabled);
    assert.equal((await held()).length, 1);
  });
});
