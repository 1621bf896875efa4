import assert from 'node:assert/strict';
import createUnits from '#hub/units/units.service.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Changes of units', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([createUnits]);
  });
  after(() => hub.stop());

  const by = { source: 'test', actor: 'test' };
  const units = [1, 2].map(nr => ({ code: `t${nr}`, name: `Huyện ${nr}`, level: 'district' as const }));
  /** How often readers of the log were woken meanwhile. */
  const woken = async (work: () => Promise<unknown>): Promise<number> => {
    let times = 0;
    const end = hub.context.wake.on('events', () => {
      times += 1;
    });
    await work();
    end();
    return times;
  };

  it('wake the readers of the log when a list was loaded and when units were merged', async () => {
    assert.equal(await woken(() => hub.call('units.load', { units, ...by })), 1);
    assert.equal(await woken(() => hub.call('units.load', { units, ...by })), 0);
    const [one, two] = await hub.call('units.list', {});
    const merge = { unitIds: [one!.id], successorId: two!.id, at: '2020-01-01', ...by };
    assert.equal(await woken(() => hub.call('units.merge', merge)), 1);
  });
});
