import assert from 'node:assert/strict';
import { listConnectorIds } from '#connectors/kit/connector-folder.ts';
import createApps from '#hub/apps/apps.service.ts';
import createConnectors from '#hub/connectors/connectors.service.ts';
import createProvisioning from '#hub/provisioning/provisioning.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { createOperationsPage } from '#sandbox/operations-page/operations-page.ts';
import { eventually } from '#tests/provisioning/provisioning-hub.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Provisioning the operations page over its real protocol', () => {
  const apiKey = 'key-of-the-operations-page';
  let page: RunningApp;
  let hub: TestHub;
  let unitIds: Map<string, string>;
  let nr = 0;

  before(async () => {
    page = await serveApp(createOperationsPage({ accounts: [], credentials: { apiKey } }));
    hub = await createTestHub([createUnits, createStaff, createApps, createConnectors, createProvisioning]);
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
    unitIds = new Map((await hub.call('units.list', {})).map(unit => [unit.code, unit.id]));
    // Every connector belongs to some app; the others are switched off.
    for (const id of listConnectorIds()) {
      const rules = { purpose: 'test', attributes: [] };
      const app = { id, name: id, owner: 'test', connector: id, enabled: false, entitlement: rules };
      await hub.call('apps.put', { app, actor: 'test' });
    }
    await hub.call('apps.put', {
      app: {
        id: 'operations-page',
        name: 'Trang điều hành tác nghiệp',
        owner: 'test',
        connector: 'operations-page',
        enabled: true,
        entitlement: { purpose: 'test', attributes: ['email', 'phone', 'unitId', 'title'] },
        guard: { breakMs: 300, timeoutMs: 1000 },
        settings: { baseUrl: page.origin, apiKey },
      },
      actor: 'test',
    });
  });
  after(async () => {
    await hub.stop();
    await page.stop();
  });

  const apply = async (record: Record<string, unknown>, unitCode: string, staffId?: string) => {
    const [outcome] = await hub.call('staff.apply', {
      changes: [
        {
          origin: `sockets-${++nr}`,
          ...(staffId === undefined ? {} : { staffId }),
          record: {
            name: 'Trần Thị Bình',
            positions: [{ unit: unitCode, title: 'Chuyên viên', main: true }],
            ...record,
          },
          unitIds: [unitIds.get(unitCode)!],
        },
      ],
      source: 'test',
      actor: 'test',
    });
    hub.context.wake.notify('events');
    return outcome!.staffId!;
  };
  const there = async (): Promise<string> => (await fetch(`${page.origin}/_state/accounts`)).text();
  const fault = (mode: Record<string, unknown>) =>
    fetch(`${page.origin}/_faults`, { method: 'POST', body: JSON.stringify(mode) });

  it('brings a newcomer, a move and a unit’s new name to the app', async () => {
    const id = await apply({ code: '000501', phone: '0912345678' }, '474');
    await eventually('the account is there', async () => (await there()).includes('0912345678'));
    await apply({ code: '000501' }, '477', id);
    const units = readAdministrativeUnits();
    const old = units.find(unit => unit.code === '477')!;
    await eventually('the move is there', async () => (await there()).includes(old.name));
    await hub.call('units.load', {
      units: [{ ...old, name: 'Phường Tên Mới' }],
      source: 'test',
      actor: 'test',
    });
    hub.context.wake.notify('events');
    await eventually('the new name is there', async () => (await there()).includes('Phường Tên Mới'));
  });

  it('loses nothing while the app is down, hangs, breaks off or shows an error page', async () => {
    for (const mode of ['down', 'error', 'error-page', 'half', 'hang']) {
      await fault({ mode });
      const phone = `09${String(++nr).padStart(8, '0')}`;
      const code = String(600 + nr).padStart(6, '0');
      const staffId = await apply({ code, phone }, '474');
      await eventually('the app has failed', async () => {
        const { items } = await hub.call('provisioning.exchanges', { staffId, outcome: 'failed' });
        return items.length > 0;
      });
      await fault({ mode: 'ok' });
      await eventually(`it is there after “${mode}”`, async () => (await there()).includes(phone));
    }
    const { items } = await hub.call('provisioning.dead-letters', {});
    assert.deepEqual(items, []);
  });
});
