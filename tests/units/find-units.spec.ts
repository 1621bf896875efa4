import assert from 'node:assert/strict';
import createUnits from '#hub/units/units.service.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Finding units', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([createUnits]);
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
  });
  after(() => hub.stop());

  const find = async (q: string): Promise<string[]> =>
    (await hub.call('units.list', { q })).map(({ name }) => name);
  const nearOf = async (text: string): Promise<string[]> =>
    ((await hub.call('units.resolve', { texts: [text] }))[0]!.candidates ?? []).map(({ name }) => name);

  it('goes by a part of the name, accents or not, and by the beginning of the code', async () => {
    for (const q of ['phu thuan', 'Phú Thuận', 'PHƯỜNG PHÚ THUẬN'])
      assert.ok((await find(q)).includes('Phường Phú Thuận'), q);
    const [unit] = await hub.call('units.list', { q: 'Phường Phú Thuận' });
    assert.deepEqual(await find(unit!.code), ['Phường Phú Thuận']);
    assert.deepEqual(await find('%'), []);
    assert.deepEqual(await find('không có'), []);
  });

  it('offers, for a name that nobody knows, those with another kind in front, else those spelt alike', async () => {
    assert.ok((await nearOf('Phú Thuận')).includes('Phường Phú Thuận'));
    assert.ok((await nearOf('Thị trấn Phú Thuận, Thành phố Huế')).includes('Phường Phú Thuận'));
    assert.deepEqual((await nearOf('Phường Vĩnh Nin')).slice(0, 1), ['Phường Vĩnh Ninh']);
    assert.deepEqual(await nearOf('Nhà máy thủy điện'), []);
    assert.ok((await nearOf('Xã Hương')).length <= 3);
  });
});
