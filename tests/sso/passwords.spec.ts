import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { createPasswordHasher } from '#sso/accounts/hash-password.ts';
import { type Accounts, good, isSignedIn, other, startAccounts, wrong } from '#tests/sso/start-accounts.ts';

describe('A password', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts({ passwordHistory: 2 });
  });
  after(() => accounts.stop());

  it('that somebody else gave must be changed at the sign-in, and not to one that was had', async () => {
    const person = await accounts.newcomer();
    await accounts.signOn.hub.call('sso.set-password', {
      staffId: person.id,
      password: 'Tạm thời 1!',
      mustChange: true,
      actor: 'test',
    });
    const browse = accounts.browser();
    const asked = await accounts.signIn(browse, person.username, 'Tạm thời 1!');
    assert.ok(asked.text.includes('do người khác cấp'));
    assert.ok(
      !isSignedIn(await browse.open(accounts.signOn.origin)),
      'nobody is signed in before the last step',
    );
    const refused = await browse.submit(asked, { password: 'Tạm thời 1!', repeated: 'Tạm thời 1!' });
    assert.equal(refused.status, 422);
    assert.ok(refused.text.includes('đã dùng mật khẩu này'));
    assert.ok(isSignedIn(await browse.submit(refused, { password: good, repeated: good })));
    assert.ok(await accounts.opens(person.username, good));
    assert.ok(!(await accounts.opens(person.username, 'Tạm thời 1!')));
  });

  it('of people with a role is changed when it is old', async () => {
    const person = await accounts.signOn.hire();
    await accounts.signOn.hub.call('sso.set-roles', { staffId: person.id, roles: ['clerk'], actor: 'test' });
    assert.ok(await accounts.opens(person.username, person.password));
    await sql`update password set changed_at = now() - interval '61 days' where staff_id = ${person.id}`.execute(
      accounts.signOn.hub.db,
    );
    const browse = accounts.browser();
    const asked = await accounts.signIn(browse, person.username, person.password);
    assert.ok(asked.text.includes('thay định kỳ'));
    assert.ok(isSignedIn(await browse.submit(asked, { password: other, repeated: other })));
  });

  it('that is changed on the way to a page does not end the session on the way there', async () => {
    const { hub, origin } = accounts.signOn;
    const person = await accounts.signOn.hire();
    await hub.call('sso.set-roles', { staffId: person.id, roles: ['it-centre'], actor: 'test' });
    const [browse, elsewhere] = [accounts.browser(), accounts.browser()];
    for (const one of [browse, elsewhere])
      assert.ok(isSignedIn(await accounts.signIn(one, person.username, person.password)));
    await sql`update password set changed_at = now() - interval '61 days' where staff_id = ${person.id}`.execute(
      hub.db,
    );
    await sql`update oidc_record set payload = payload || jsonb_build_object('loginTs', (payload->>'loginTs')::int - 301)
              where model = 'Session' and account_id = ${person.id}`.execute(hub.db);
    const asked = await browse.open(`${origin}/sso/my/factors/add`);
    const { username, password } = person;
    const change = await browse.submit(asked, { username, password });
    assert.ok(change.text.includes('thay định kỳ'));
    const came = await browse.submit(change, { password: other, repeated: other });
    assert.equal(came.url, `${origin}/sso/my/factors/add`);
    assert.match(came.text, /<svg/);
    assert.ok(!isSignedIn(await elsewhere.open(origin)), 'all other sessions end');
  });

  it('that nobody has used for long works no more, which only who knows it is told', async () => {
    const person = await accounts.signOn.hire();
    await sql`update password set used_at = now() - interval '46 days' where staff_id = ${person.id}`.execute(
      accounts.signOn.hub.db,
    );
    assert.ok(!(await accounts.signIn(accounts.browser(), person.username, wrong)).text.includes('Đã lâu'));
    const told = await accounts.signIn(accounts.browser(), person.username, person.password);
    assert.ok(told.text.includes('Đã lâu không ai đăng nhập'));
    const { code } = await accounts.activationFor(person);
    assert.equal(
      (await accounts.activate(accounts.browser(), { username: person.username, code })).status,
      200,
    );
    assert.ok(await accounts.opens(person.username, good));
  });

  it('is hashed anew at the sign-in when the parameters have changed, and is no new password by that', async () => {
    const person = await accounts.signOn.hire();
    const older = createPasswordHasher({ argon2MemoryKiB: 8192, argon2Passes: 1, argon2Lanes: 4 });
    const read = async () =>
      (
        await sql<{ hash: string; at: Date }>`
          select hash, changed_at as at from password where staff_id = ${person.id}`.execute(
          accounts.signOn.hub.db,
        )
      ).rows[0]!;
    await sql`update password set hash = ${await older.hash(person.password)} where staff_id = ${person.id}`.execute(
      accounts.signOn.hub.db,
    );
    const before = await read();
    assert.ok(await accounts.opens(person.username, person.password));
    const after = await read();
    assert.ok(before.hash.includes('m=8192') && after.hash.includes('m=7168'));
    assert.deepEqual(after.at, before.at);
    assert.ok(older.isOutdated(after.hash) && !older.isOutdated(before.hash));
    assert.ok(await accounts.opens(person.username, person.password));
  });

  it('is changed by its owner, who knows the old one, and not back to one of the last', async () => {
    const person = await accounts.signOn.hire();
    const browse = accounts.browser();
    await accounts.signIn(browse, person.username, person.password);
    const page = () => browse.open(`${accounts.signOn.origin}/sso/my/password`);
    const change = async (current: string, password: string) =>
      browse.submit(await page(), { current, password, repeated: password });
    const third = 'Gió lùa 9 cửa.';
    assert.ok((await change(wrong, good)).text.includes('Mật khẩu hiện tại không đúng'));
    assert.ok(await accounts.opens(person.username, person.password));
    assert.equal((await change(person.password, good)).status, 200);
    assert.equal((await change(good, other)).status, 200);
    for (const had of [other, good, person.password])
      assert.ok((await change(other, had)).text.includes('đã dùng mật khẩu này'), had);
    assert.equal((await change(other, third)).status, 200);
    assert.equal((await change(third, 'Sông 10 nhánh?')).status, 200);
    assert.equal((await change('Sông 10 nhánh?', good)).status, 200, 'two others were between');
    assert.ok(await accounts.opens(person.username, good));
  });

  it('is asked of nobody who is not signed in', async () => {
    const page = await accounts.browser().open(`${accounts.signOn.origin}/sso/my/password`);
    assert.ok(page.url.includes('/sso/interaction/'));
  });
});
