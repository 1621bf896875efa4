import assert from 'node:assert/strict';
import type { Call } from '#hub/platform/calls.ts';
import { createLog } from '#hub/platform/log.ts';
import { isInScope } from '#hub/platform/unit-scope.ts';
import { createAppDirectory } from '#hub/provisioning/app-directory.ts';

describe('What provisioning knows of apps', () => {
  it('keeps people of a merged unit within the apps of the units above it', async () => {
    const app = {
      id: 'portal',
      connector: 'portal',
      enabled: true,
      entitlement: { purpose: 'test', attributes: [], unitIds: ['district'] },
      guard: {},
    };
    const units = [
      { id: 'district' },
      { id: 'commune', parentId: 'district' },
      { id: 'merged', parentId: 'district', validTo: '2026-01-01' },
    ];
    const answers: Record<string, object[]> = {
      'apps.list': [app],
      'units.list': units.filter(unit => unit.validTo === undefined),
      'units.latest': units,
    };
    const call = (async (name: string) => answers[name] ?? []) as unknown as Call;
    const parents = await createAppDirectory(call, createLog('silent')).unitParents();
    const isOfApp = (unitId: string) => isInScope({ positions: [{ unitId }] }, ['district'], parents);
    assert.deepEqual(['commune', 'merged', 'elsewhere'].map(isOfApp), [true, true, false]);
  });
});
