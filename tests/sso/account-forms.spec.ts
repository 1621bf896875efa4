import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Accounts, csrfOf, good, other, startAccounts } from '#tests/sso/start-accounts.ts';

describe('A form about an account', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
  });
  after(() => accounts.stop());

  it('without the mark of this browser changes nothing', async () => {
    const person = await accounts.newcomer();
    const { code } = await accounts.activationFor(person);
    const foreign = csrfOf(await accounts.browser().open(`${accounts.signOn.origin}/sso/activate`));
    const browse = accounts.browser();
    const send = (path: string, fields: Record<string, string>) =>
      browse.open(accounts.signOn.origin + path, { method: 'POST', body: new URLSearchParams(fields) });
    const fields = { username: person.username, code, password: good, repeated: good };
    assert.equal((await send('/sso/activate', fields)).status, 400);
    await browse.open(`${accounts.signOn.origin}/sso/activate`);
    assert.equal((await send('/sso/activate', { ...fields, csrf: foreign })).status, 400);
    assert.equal((await accounts.activate(browse, { username: person.username, code })).status, 200);

    await accounts.signIn(browse, person.username, good);
    const change = { current: good, password: other, repeated: other };
    for (const csrf of ['', foreign])
      assert.equal((await send('/sso/my/password', { ...change, csrf })).status, 400);
    assert.ok(await accounts.opens(person.username, good));
  });

  it('that is far too large is answered in words, whether it says so or not', async () => {
    const open = await accounts.browser().open(`${accounts.signOn.origin}/sso/activate`);
    const body = `csrf=${csrfOf(open)}&password=${'x'.repeat(300_000)}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const streamed = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    for (const init of [{ body }, { body: streamed, duplex: 'half' as const }]) {
      const answer = await fetch(`${accounts.signOn.origin}/sso/activate`, {
        method: 'POST',
        headers,
        ...init,
      });
      assert.equal(answer.status, 413);
      assert.ok((await answer.text()).includes('quá lớn'));
    }
  });

  it('may hold anything in its fields', async () => {
    for (const username of ["' or ''='", 'a\0b', '<script>alert(1)</script>', 'x'.repeat(10_000), '😀'])
      assert.equal(
        (await accounts.signIn(accounts.browser(), username, 'y'.repeat(10_000))).status,
        422,
        username,
      );
    const page = await accounts.signIn(accounts.browser(), '<script>alert(1)</script>', 'x');
    assert.ok(!page.text.includes('<script>'));
  });

  it('leaves no password and no code in the log or the trail', async () => {
    const { url } = await accounts.activationFor(await accounts.newcomer());
    assert.equal((await accounts.browser().open(url)).status, 200);
    const { rows } = await sql<{ line: string }>`select a::text as line from audit a`.execute(
      accounts.signOn.hub.db,
    );
    const told = [...accounts.signOn.lines, ...rows.map(({ line }) => line)].join('\n');
    assert.ok(told.includes('password.set') && told.includes('"route":"/sso/activate"'));
    for (const secret of [good, other, ...accounts.codes]) assert.ok(!told.includes(secret));
  });
});
