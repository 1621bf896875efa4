import assert from 'node:assert/strict';
import { type Accounts, good, startAccounts } from '#tests/sso/start-accounts.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

describe('People', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
  });
  after(() => accounts.stop());

  it('keep their user names: renamed, away and back, and after they left', async () => {
    const first = await accounts.newcomer('Tôn Nữ Kim Cúc');
    const second = await accounts.newcomer('Tôn Nữ Kim Cúc');
    assert.equal(second.username, `${first.username}2`);
    const { call } = accounts.signOn.hub;
    const nameOf = async ({ id }: Person) => (await call('staff.get', { id })).username;
    await accounts.signOn.setStatus({ ...first, name: 'Tôn Nữ Kim Lan' }, 'active');
    assert.equal(await nameOf(first), first.username);
    await accounts.signOn.setStatus(second, 'left');
    const third = await accounts.newcomer('Tôn Nữ Kim Cúc');
    assert.equal(third.username, `${first.username}3`);
    await accounts.signOn.setStatus(second, 'active');
    assert.equal(await nameOf(second), second.username);
    const { code } = await accounts.activationFor(second);
    assert.equal(
      (await accounts.activate(accounts.browser(), { username: second.username, code })).status,
      200,
    );
    assert.ok(await accounts.opens(`${second.username}@example.gov.vn`, good));
  });
});
