import assert from 'node:assert/strict';
import { AppError } from '#hub/platform/errors.ts';
import { createFailureCounter } from '#sso/accounts/failure-counter.ts';
import { createPasswordHasher, type PasswordHasher } from '#sso/accounts/hash-password.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { type Accounts, isSignedIn, problemOf, startAccounts, wrong } from '#tests/sso/start-accounts.ts';

describe('A wrong password', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
  });
  after(() => accounts.stop());

  it('locks where it is typed; the right one is refused there with the same words, elsewhere it opens', async () => {
    const person = await accounts.signOn.hire();
    const browse = accounts.browser();
    for (let times = 0; times < 5; times++) await accounts.signIn(browse, person.username, wrong);
    const told = problemOf(await accounts.signIn(browse, person.username, person.password));
    assert.ok(told.includes('tạm khoá') && told.includes('12 giờ'));
    assert.equal(problemOf(await accounts.signIn(browse, person.username, wrong)), told);
    assert.ok(await accounts.opens(person.username, person.password));
    const lines = await accounts.trail(person);
    assert.deepEqual(
      lines.map(({ action, detail }) => detail.reason ?? action),
      ['password.set', ...Array<string>(5).fill('wrong'), 'account.locked', 'locked'],
    );
    assert.equal((await accounts.post(`${person.id}/unlock`)).status, 200);
    assert.ok(isSignedIn(await accounts.signIn(browse, person.username, person.password)));
    assert.ok((await accounts.actions(person)).includes('account.unlocked'));
  });

  it('of a name that nobody has is answered and counted like anybody else', async () => {
    const browse = accounts.browser();
    const texts = [];
    for (let times = 0; times < 7; times++)
      texts.push((await accounts.signIn(browse, 'khong.co.ai', wrong)).text.includes('tạm khoá'));
    assert.deepEqual(texts, [false, false, false, false, false, true, true]);
  });

  it('costs the same number of comparisons for known, unknown and never activated, and none when locked', async () => {
    const { context } = accounts.signOn.hub;
    const hasher = createPasswordHasher(context.config.signOn);
    let compared = 0;
    const counting: PasswordHasher = {
      ...hasher,
      matches(kept, password) {
        compared += 1;
        return hasher.matches(kept, password);
      },
      hash() {
        throw new Error('nothing is hashed here');
      },
    };
    const failures = createFailureCounter(context, context.config.signOn);
    const [person, fresh] = [await accounts.signOn.hire(), await accounts.newcomer()];
    const cost = async (username: string, password = wrong) => {
      compared = 0;
      const address = '10.88.0.1';
      const deps = { context, hasher: counting, failures };
      const { outcome } = await checkPassword(deps, { username, password, address });
      return `${outcome} ${compared}`;
    };
    const names = [person.username, fresh.username, 'khong.co.ai', "'; drop table password; --", 'a\0b', ''];
    for (let times = 0; times < 5; times++)
      for (const name of names.slice(0, 3)) assert.equal(await cost(name), 'wrong 1', name);
    for (const name of names.slice(3)) assert.equal(await cost(name), 'wrong 1', name);
    for (const name of names.slice(0, 3)) assert.equal(await cost(name), 'locked 0', name);
    assert.equal(await cost(person.username, person.password), 'locked 0');
  });

  it('cannot be tried more often by trying at once', async () => {
    const person = await accounts.signOn.hire();
    const pages = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const browse = createBrowse([], { 'x-forwarded-for': '10.78.1.5' });
        return accounts.signIn(browse, person.username, wrong);
      }),
    );
    assert.equal(pages.filter(({ text }) => text.includes('không đúng')).length, 5);
  });

  it('is not what a right one counts as that nobody had time to look at', async () => {
    const { context } = accounts.signOn.hub;
    const hasher = createPasswordHasher(context.config.signOn);
    const busy: PasswordHasher = {
      ...hasher,
      async matches() {
        throw new AppError('too-many-requests', { seconds: 5 });
      },
    };
    const failures = createFailureCounter(context, context.config.signOn);
    const { username, password } = await accounts.signOn.hire();
    const given = { username, password, address: '10.88.1.1' };
    for (let times = 0; times < 8; times++)
      await assert.rejects(checkPassword({ context, hasher: busy, failures }, given), {
        code: 'too-many-requests',
      });
    assert.equal((await checkPassword({ context, hasher, failures }, given)).outcome, 'right');
  });
});
