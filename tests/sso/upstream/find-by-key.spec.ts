import assert from 'node:assert/strict';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { cleanKey, findByKey } from '#sso/upstream/find-by-key.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('The key by which an account is matched with a person', () => {
  let hub: TestHub;
  let id: string;
  let username: string;
  const citizenNumber = '001090123456';
  before(async () => {
    hub = await createTestHub([createStaff, createUnits]);
    const [outcome] = await hub.call('staff.apply', {
      changes: [
        {
          origin: 'test/1',
          record: { code: 'CB-00a', name: 'Nguyễn Thị Bình', citizenNumber, status: 'active' },
        },
      ],
      source: 'test',
      actor: 'test',
    });
    id = outcome!.staffId!;
    username = (await hub.call('staff.get', { id })).username;
  });
  after(() => hub.stop());

  it('finds by staff code, citizen number and user name, each exactly', async () => {
    const ids = async (key: Parameters<typeof findByKey>[1], value: string): Promise<string[]> =>
      ((await findByKey(hub.call, key, [value])).get(value) ?? []).map(person => person.id);
    assert.deepEqual(await ids('code', 'CB-00a'), [id]);
    assert.deepEqual(await ids('code', 'CB-00A'), []);
    assert.deepEqual(await ids('code', 'CB-00'), []);
    assert.deepEqual(await ids('citizenNumber', citizenNumber), [id]);
    assert.deepEqual(await ids('citizenNumber', '001090123457'), []);
    assert.deepEqual(await ids('username', username), [id]);
    assert.deepEqual(await ids('username', `${username}x`), []);
  });

  it('completes and guesses nothing', () => {
    assert.equal(cleanKey('citizenNumber', ' 001090123456 '), citizenNumber);
    assert.equal(cleanKey('citizenNumber', '1090123456'), undefined);
    assert.equal(cleanKey('citizenNumber', '012345678'), undefined);
    assert.equal(cleanKey('code', ' '), undefined);
    assert.equal(cleanKey('code', 'a\0'), undefined);
    assert.equal(cleanKey('username', 'AN.NV'), 'an.nv');
  });
});
