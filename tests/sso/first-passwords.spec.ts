import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Accounts, good, other, startAccounts } from '#tests/sso/start-accounts.ts';
import { getToken } from '#tests/support/get-token.ts';

describe('A first password', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
  });
  after(() => accounts.stop());

  it('is chosen with a code from the IT centre, which is good once, and signs in at once', async () => {
    const person = await accounts.newcomer();
    const { code, url, expiresAt } = await accounts.activationFor(person);
    assert.match(code, /^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
    const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
    assert.ok(hours > 71.9 && hours <= 72);
    const browse = accounts.browser();
    const page = await browse.open(url);
    assert.ok(page.text.includes(`value="${code}"`) && page.text.includes(`value="${person.username}"`));
    const typed = code.toLowerCase().replace('-', ' ');
    const done = await browse.submit(page, {
      username: person.username,
      code: typed,
      password: good,
      repeated: good,
    });
    assert.equal(done.status, 200);
    assert.ok(await accounts.opens(person.username, good));
    const again = await accounts.activate(accounts.browser(), {
      username: person.username,
      code,
      password: other,
    });
    assert.equal(again.status, 422);
    assert.ok(await accounts.opens(person.username, good));
    assert.deepEqual(await accounts.actions(person), ['activation.made', 'activation.used', 'password.set']);
    const { rows } = await sql<{ line: string }>`select a::text as line from activation a`.execute(
      accounts.signOn.hub.db,
    );
    assert.ok(rows.every(({ line }) => !line.includes(code.replace('-', ''))));
  });

  it('keeps its code when the password does not keep the rules, and tells all that is missing', async () => {
    const person = await accounts.newcomer('Lê Thị Bưởi', { birthDate: '1991-02-03' });
    const { code } = await accounts.activationFor(person);
    const browse = accounts.browser();
    const page = await accounts.activate(browse, {
      username: person.username,
      code,
      password: 'buoi',
      repeated: 'bưởi',
    });
    assert.equal(page.status, 422);
    for (const words of ['ít nhất 8', 'Thiếu chữ hoa', 'Thiếu chữ số', 'họ tên', 'không giống nhau'])
      assert.ok(page.text.includes(words), words);
    assert.ok(!page.text.includes('value="buoi"'));
    const born = await browse.submit(page, {
      username: person.username,
      code,
      password: 'Sinh 03/02/1991',
      repeated: 'Sinh 03/02/1991',
    });
    assert.ok(born.text.includes('ngày sinh'));
    assert.equal((await accounts.activate(browse, { username: person.username, code })).status, 200);
  });

  it('is won by one of two who use the code at once', async () => {
    const person = await accounts.newcomer();
    const { code } = await accounts.activationFor(person);
    const passwords = [good, other, 'Gió lùa 9 cửa.', 'Sông 10 nhánh?'];
    const pages = await Promise.all(
      passwords.map(password =>
        accounts.activate(accounts.browser(), { username: person.username, code, password }),
      ),
    );
    assert.deepEqual(pages.map(({ status }) => status).sort(), [200, 422, 422, 422]);
    const winner = passwords[pages.findIndex(({ status }) => status === 200)]!;
    assert.ok(await accounts.opens(person.username, winner));
    assert.equal((await accounts.actions(person)).filter(action => action === 'password.set').length, 1);
  });

  it('is refused with one answer for a wrong name, a wrong, old or replaced code, and people who left', async () => {
    const person = await accounts.newcomer();
    const stranger = await accounts.newcomer();
    const leaver = await accounts.newcomer();
    const old = await accounts.activationFor(person);
    const { code } = await accounts.activationFor(person);
    const theirs = await accounts.activationFor(leaver);
    await accounts.signOn.setStatus(leaver, 'left');
    const attempts: [string, string][] = [
      ['nobody.at.all', code],
      [stranger.username, code],
      [person.username, old.code],
      [person.username, 'ABCD-2345'],
      [person.username, ''],
      [leaver.username, theirs.code],
      ["an' or 1=1 --", code],
      ['an\0', '\0'],
    ];
    const answers = new Set<string>();
    for (const [username, wrong] of attempts) {
      const page = await accounts.activate(accounts.browser(), { username, code: wrong });
      assert.equal(page.status, 422, username);
      answers.add(/role="alert"[^>]*>([\s\S]*?)<\/div>/.exec(page.text)![1]!);
    }
    assert.equal(answers.size, 1);
    await sql`update activation set expires_at = now() where staff_id = ${person.id}`.execute(
      accounts.signOn.hub.db,
    );
    assert.equal(
      (await accounts.activate(accounts.browser(), { username: person.username, code })).status,
      422,
    );
    assert.equal((await accounts.post(`${leaver.id}/activation`)).status, 409);
  });

  it('cannot be guessed: after five wrong codes the right one is not looked at from there', async () => {
    const person = await accounts.newcomer();
    const { code } = await accounts.activationFor(person);
    const browse = accounts.browser();
    for (let times = 0; times < 5; times++)
      await accounts.activate(browse, { username: person.username, code: `ABCD-234${times + 2}` });
    const page = await accounts.activate(browse, { username: person.username, code });
    assert.ok(page.text.includes('tạm khoá'));
    assert.ok((await accounts.actions(person)).includes('account.locked'));
    assert.equal(
      (await accounts.activate(accounts.browser(), { username: person.username, code })).status,
      200,
    );
  });

  it('is explained to who forgot theirs, without a question that tells who exists', async () => {
    const page = await accounts.browser().open(`${accounts.signOn.origin}/sso/forgotten`);
    assert.equal(page.status, 200);
    assert.ok(page.text.includes('văn thư') && !page.text.includes('<form'));
    const first = await accounts.browser().open(accounts.signOn.origin);
    assert.ok(first.text.includes('/sso/activate') && first.text.includes('/sso/forgotten'));
  });

  it('is behind the scope admin in the API, and of a person that there is', async () => {
    const person = await accounts.newcomer();
    const { hub, origin } = accounts.signOn;
    const reader = await getToken({ call: hub.call, origin }, undefined, ['hr.read']);
    for (const path of ['activation', 'unlock']) {
      assert.equal((await accounts.post(`${person.id}/${path}`, reader)).status, 403);
      assert.equal((await accounts.post(`00000000-0000-4000-8000-000000000000/${path}`)).status, 404);
    }
  });
});
