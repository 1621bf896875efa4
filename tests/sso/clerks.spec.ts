import assert from 'node:assert/strict';
import type { Browse } from '#tests/sso/browse.ts';
import { type Accounts, csrfOf, good, isSignedIn, startAccounts, wrong } from '#tests/sso/start-accounts.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

describe('A clerk', () => {
  let accounts: Accounts;
  let clerk: Person;
  let below: Person;
  let elsewhere: Person;
  let withRole: Person;
  let browse: Browse;
  before(async () => {
    accounts = await startAccounts();
    const [district] = (await accounts.signOn.hub.call('units.list', {})).filter(
      ({ code }) => code === '476',
    );
    const [commune] = await accounts.signOn.hub.call('units.list', { parentId: district!.id });
    clerk = await accounts.signOn.hire('Võ Văn Thư', { unitCode: '476' });
    below = await accounts.newcomer('Phan Văn Dưới', { unitCode: commune!.code });
    withRole = await accounts.signOn.hire('Hồ Thị Quyền', { unitCode: '476' });
    elsewhere = await accounts.newcomer('Đặng Ở Xa', { unitCode: '474' });
    const { call } = accounts.signOn.hub;
    await call('sso.set-roles', { staffId: clerk.id, roles: ['clerk'], actor: 'test' });
    await call('sso.set-roles', { staffId: withRole.id, roles: ['internet'], actor: 'test' });
    browse = accounts.browser();
    await accounts.signIn(browse, clerk.username, clerk.password);
  });
  after(() => accounts.stop());

  const page = (query = '') => browse.open(`${accounts.signOn.origin}/sso/my/clerk${query}`);
  const act = async (action: string, { id }: { id: string }, csrf?: string) =>
    browse.open(`${accounts.signOn.origin}/sso/my/clerk`, {
      method: 'POST',
      body: new URLSearchParams({ csrf: csrf ?? csrfOf(await page()), staffId: id, action }),
    });

  it('sees the people of the own unit and below, and no others', async () => {
    const { text } = await page();
    assert.ok(text.includes('Phan Văn Dưới') && text.includes('Chưa kích hoạt'));
    assert.ok(!text.includes('Đặng Ở Xa'));
    assert.ok((await page('?q=quyen')).text.includes('Hồ Thị Quyền'));
    assert.ok(!(await page('?q=quyen')).text.includes('Phan Văn Dưới'));
    assert.ok((await browse.open(accounts.signOn.origin)).text.includes('/sso/my/clerk'));
  });

  it('makes a code that is shown once and noted, and the person signs in with what they choose', async () => {
    const slip = await act('activation', below);
    const code = /<code>([2-9A-Z]{4}-[2-9A-Z]{4})<\/code>/.exec(slip.text)![1]!;
    assert.ok((await page()).text.includes('Đã cấp mã') && !(await page()).text.includes(code));
    const [line] = await accounts.trail(below);
    assert.equal(line!.action, 'activation.made');
    assert.equal(line!.actor, `staff/${clerk.id}`);
    assert.equal(
      (await accounts.activate(accounts.browser(), { username: below.username, code })).status,
      200,
    );
    assert.ok(await accounts.opens(below.username, good));
  });

  it('unlocks, and sees who is locked', async () => {
    const there = accounts.browser();
    for (let times = 0; times < 5; times++) await accounts.signIn(there, below.username, wrong);
    assert.ok((await page()).text.includes('Đang bị tạm khoá'));
    assert.equal((await act('unlock', below)).status, 200);
    assert.ok(isSignedIn(await accounts.signIn(there, below.username, good)));
  });

  it('has no power over people of other units, people with a role, and themselves', async () => {
    for (const [person, words] of [
      [elsewhere, 'không thuộc đơn vị'],
      [withRole, 'có quyền riêng'],
      [clerk, 'có quyền riêng'],
    ] as const)
      for (const action of ['activation', 'unlock']) {
        const answer = await act(action, person);
        assert.equal(answer.status, 403);
        assert.ok(answer.text.includes(words));
        assert.ok(!(await accounts.actions(person)).includes('activation.made'));
      }
    assert.equal((await act('activation', { id: 'x' })).status, 400);
    assert.equal((await act('activation', { id: "'; --" })).status, 400);
  });

  it('is nobody without the role', async () => {
    const visitor = accounts.browser();
    await accounts.signIn(visitor, below.username, good);
    assert.equal((await visitor.open(`${accounts.signOn.origin}/sso/my/clerk`)).status, 404);
    assert.ok(!(await visitor.open(accounts.signOn.origin)).text.includes('/sso/my/clerk'));
  });

  it('does nothing by a form that another site made', async () => {
    const foreign = csrfOf(await accounts.browser().open(`${accounts.signOn.origin}/sso/activate`));
    const before = await accounts.trail(below);
    for (const csrf of ['', foreign, 'x'.repeat(43)])
      assert.equal((await act('activation', below, csrf)).status, 400);
    assert.deepEqual(await accounts.trail(below), before);
  });
});
