import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { createFailureCounter } from '#sso/accounts/failure-counter.ts';
import { createPasswordHasher, type PasswordHasher } from '#sso/accounts/hash-password.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { getToken } from '#tests/support/get-token.ts';

interface Made {
  code: string;
  url: string;
  expiresAt: string;
}

describe('Accounts and passwords', () => {
  let signOn: SignOn;
  let token: string;
  const good = 'Mưa trên phố 7!';
  const other = 'Nắng ngoài sân 8?';
  /** Passwords and codes of all specs: none may be in the log or the trail. */
  const secrets: string[] = [good, other];
  let networks = 0;
  before(async () => {
    signOn = await startSignOn({ settings: { passwordHistory: 2 } });
    token = await getToken({ call: signOn.hub.call, origin: signOn.origin }, undefined, ['admin']);
  });
  after(() => signOn.stop());

  /** A browser in a network of its own. */
  const browser = (): Browse => {
    networks += 1;
    return createBrowse([], { 'x-forwarded-for': `10.77.${networks}.5` });
  };
  const post = (path: string, asToken = token) =>
    fetch(`${signOn.origin}/api/v1/staff/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${asToken}` },
    });
  const activationFor = async ({ id }: Person): Promise<Made> => {
    const made = (await (await post(`${id}/activation`)).json()) as Made;
    secrets.push(made.code, made.code.replace('-', ''));
    return made;
  };
  const activate = async (
    browse: Browse,
    fields: { username: string; code: string; password?: string; repeated?: string },
  ): Promise<Visit> =>
    browse.submit(await browse.open(`${signOn.origin}/sso/activate`), {
      password: good,
      repeated: fields.password ?? good,
      ...fields,
    });
  const signIn = async (browse: Browse, username: string, password: string): Promise<Visit> =>
    browse.submit(await browse.open(signOn.origin), { username, password });
  const isSignedIn = ({ text }: Visit): boolean => text.includes('Ứng dụng của tôi');
  const opens = async (username: string, password: string) =>
    isSignedIn(await signIn(browser(), username, password));
  const trail = async ({ id }: Person, object = `staff/${id}`) =>
    (
      await sql<{ actor: string; action: string; detail: Record<string, unknown> }>`
        select actor, action, detail from audit where object = ${object} order by id`.execute(signOn.hub.db)
    ).rows;
  const actions = async (person: Person) => (await trail(person)).map(({ action }) => action);
  const csrfOf = ({ text }: Visit): string => /name="csrf" value="([^"]*)"/.exec(text)![1]!;
  const newcomer = (name?: string, more: object = {}) => signOn.hire(name, { password: null, ...more });

  describe('A first password', () => {
    it('is chosen with a code from the IT centre, which is good once, and signs in at once', async () => {
      const person = await newcomer();
      const { code, url, expiresAt } = await activationFor(person);
      assert.match(code, /^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
      const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
      assert.ok(hours > 71.9 && hours <= 72);
      const browse = browser();
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
      assert.ok(await opens(person.username, good));
      const again = await activate(browser(), { username: person.username, code, password: other });
      assert.equal(again.status, 422);
      assert.ok(await opens(person.username, good));
      assert.deepEqual(await actions(person), ['activation.made', 'activation.used', 'password.set']);
      const { rows } = await sql<{ line: string }>`select a::text as line from activation a`.execute(
        signOn.hub.db,
      );
      assert.ok(rows.every(({ line }) => !line.includes(code.replace('-', ''))));
    });

    it('keeps its code when the password does not keep the rules, and tells all that is missing', async () => {
      const person = await newcomer('Lê Thị Bưởi', { birthDate: '1991-02-03' });
      const { code } = await activationFor(person);
      const browse = browser();
      const page = await activate(browse, {
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
      assert.equal((await activate(browse, { username: person.username, code })).status, 200);
    });

    it('is won by one of two who use the code at once', async () => {
      const person = await newcomer();
      const { code } = await activationFor(person);
      const passwords = [good, other, 'Gió lùa 9 cửa.', 'Sông 10 nhánh?'];
      const pages = await Promise.all(
        passwords.map(password => activate(browser(), { username: person.username, code, password })),
      );
      assert.deepEqual(pages.map(({ status }) => status).sort(), [200, 422, 422, 422]);
      const winner = passwords[pages.findIndex(({ status }) => status === 200)]!;
      assert.ok(await opens(person.username, winner));
      assert.equal((await actions(person)).filter(action => action === 'password.set').length, 1);
    });

    it('is refused with one answer for a wrong name, a wrong, old or replaced code, and people who left', async () => {
      const person = await newcomer();
      const stranger = await newcomer();
      const leaver = await newcomer();
      const old = await activationFor(person);
      const { code } = await activationFor(person);
      const theirs = await activationFor(leaver);
      await signOn.setStatus(leaver, 'left');
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
        const page = await activate(browser(), { username, code: wrong });
        assert.equal(page.status, 422, username);
        answers.add(/role="alert"[^>]*>([\s\S]*?)<\/div>/.exec(page.text)![1]!);
      }
      assert.equal(answers.size, 1);
      await sql`update activation set expires_at = now() where staff_id = ${person.id}`.execute(
        signOn.hub.db,
      );
      assert.equal((await activate(browser(), { username: person.username, code })).status, 422);
      assert.equal((await post(`${leaver.id}/activation`)).status, 409);
    });

    it('cannot be guessed: after five wrong codes the right one is not looked at from there', async () => {
      const person = await newcomer();
      const { code } = await activationFor(person);
      const browse = browser();
      for (let wrong = 0; wrong < 5; wrong++)
        await activate(browse, { username: person.username, code: `ABCD-234${wrong + 2}` });
      const page = await activate(browse, { username: person.username, code });
      assert.ok(page.text.includes('tạm khoá'));
      assert.ok((await actions(person)).includes('account.locked'));
      assert.equal((await activate(browser(), { username: person.username, code })).status, 200);
    });

    it('is explained to who forgot theirs, without a question that tells who exists', async () => {
      const page = await browser().open(`${signOn.origin}/sso/forgotten`);
      assert.equal(page.status, 200);
      assert.ok(page.text.includes('văn thư') && !page.text.includes('<form'));
      const first = await browser().open(signOn.origin);
      assert.ok(first.text.includes('/sso/activate') && first.text.includes('/sso/forgotten'));
    });
  });

  describe('A wrong password', () => {
    it('locks where it is typed; the right one is refused there with the same words, elsewhere it opens', async () => {
      const person = await signOn.hire();
      const browse = browser();
      for (let wrong = 0; wrong < 5; wrong++) await signIn(browse, person.username, 'Sai rồi 1!');
      const problem = ({ text }: Visit) => /role="alert"[^>]*>([\s\S]*?)<\/p>/.exec(text)![1]!;
      const right = problem(await signIn(browse, person.username, person.password));
      const wrong = problem(await signIn(browse, person.username, 'Sai rồi 1!'));
      assert.ok(right.includes('tạm khoá'));
      assert.equal(right, wrong);
      assert.ok(await opens(person.username, person.password));
      const lines = await trail(person);
      assert.deepEqual(
        lines.map(({ action, detail }) => detail.reason ?? action),
        ['password.set', ...Array<string>(5).fill('wrong'), 'account.locked', 'locked'],
      );
      assert.equal((await post(`${person.id}/unlock`)).status, 200);
      assert.ok(isSignedIn(await signIn(browse, person.username, person.password)));
      assert.ok((await actions(person)).includes('account.unlocked'));
    });

    it('of a name that nobody has is answered and counted like anybody else', async () => {
      const browse = browser();
      const texts = [];
      for (let wrong = 0; wrong < 7; wrong++)
        texts.push((await signIn(browse, 'khong.co.ai', 'Sai rồi 1!')).text.includes('tạm khoá'));
      assert.deepEqual(texts, [false, false, false, false, false, true, true]);
    });

    it('costs the same number of comparisons for known, unknown and never activated, and none when locked', async () => {
      const { context } = signOn.hub;
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
      const [person, fresh] = [await signOn.hire(), await newcomer()];
      const cost = async (username: string, password = 'Sai rồi 1!') => {
        compared = 0;
        const address = '10.88.0.1';
        const deps = { context, hasher: counting, failures };
        const { outcome } = await checkPassword(deps, { username, password, address });
        return `${outcome} ${compared}`;
      };
      const names = [
        person.username,
        fresh.username,
        'khong.co.ai',
        "'; drop table password; --",
        'a\0b',
        '',
      ];
      for (let wrong = 0; wrong < 5; wrong++)
        for (const name of names.slice(0, 3)) assert.equal(await cost(name), 'wrong 1', name);
      for (const name of names.slice(3)) assert.equal(await cost(name), 'wrong 1', name);
      for (const name of names.slice(0, 3)) assert.equal(await cost(name), 'locked 0', name);
      assert.equal(await cost(person.username, person.password), 'locked 0');
    });

    it('cannot be tried more often by trying at once', async () => {
      const person = await signOn.hire();
      const network = browser();
      const pages = await Promise.all(
        Array.from({ length: 12 }, async () => {
          const browse = createBrowse([], { 'x-forwarded-for': `10.78.1.${networks}` });
          return signIn(browse, person.username, 'Sai rồi 1!');
        }),
      );
      assert.equal(pages.filter(({ text }) => text.includes('không đúng')).length, 5);
      assert.ok(network);
    });
  });

  describe('A password', () => {
    it('that somebody else gave must be changed at the sign-in, and not to one that was had', async () => {
      const person = await newcomer();
      await signOn.hub.call('sso.set-password', {
        staffId: person.id,
        password: 'Tạm thời 1!',
        mustChange: true,
        actor: 'test',
      });
      const browse = browser();
      const asked = await signIn(browse, person.username, 'Tạm thời 1!');
      assert.ok(asked.text.includes('do người khác cấp'));
      assert.ok(!isSignedIn(await browse.open(signOn.origin)), 'nobody is signed in before the last step');
      const refused = await browse.submit(asked, { password: 'Tạm thời 1!', repeated: 'Tạm thời 1!' });
      assert.equal(refused.status, 422);
      assert.ok(refused.text.includes('đã dùng mật khẩu này'));
      assert.ok(isSignedIn(await browse.submit(refused, { password: good, repeated: good })));
      assert.ok(await opens(person.username, good));
      assert.ok(!(await opens(person.username, 'Tạm thời 1!')));
    });

    it('of people with a role is changed when it is old', async () => {
      const person = await signOn.hire();
      await signOn.hub.call('sso.set-roles', { staffId: person.id, roles: ['clerk'], actor: 'test' });
      assert.ok(await opens(person.username, person.password));
      await sql`update password set changed_at = now() - interval '61 days' where staff_id = ${person.id}`.execute(
        signOn.hub.db,
      );
      const browse = browser();
      const asked = await signIn(browse, person.username, person.password);
      assert.ok(asked.text.includes('thay định kỳ'));
      assert.ok(isSignedIn(await browse.submit(asked, { password: other, repeated: other })));
    });

    it('that nobody has used for long works no more, which only who knows it is told', async () => {
      const person = await signOn.hire();
      await sql`update password set used_at = now() - interval '46 days' where staff_id = ${person.id}`.execute(
        signOn.hub.db,
      );
      assert.ok(!(await signIn(browser(), person.username, 'Sai rồi 1!')).text.includes('Đã lâu'));
      const told = await signIn(browser(), person.username, person.password);
      assert.ok(told.text.includes('Đã lâu không ai đăng nhập'));
      const { code } = await activationFor(person);
      assert.equal((await activate(browser(), { username: person.username, code })).status, 200);
      assert.ok(await opens(person.username, good));
    });

    it('is hashed anew at the sign-in when the parameters have changed, and is no new password by that', async () => {
      const person = await signOn.hire();
      const older = createPasswordHasher({ argon2MemoryKiB: 8192, argon2Passes: 1 });
      const read = async () =>
        (
          await sql<{ hash: string; at: Date }>`
            select hash, changed_at as at from password where staff_id = ${person.id}`.execute(signOn.hub.db)
        ).rows[0]!;
      await sql`update password set hash = ${await older.hash(person.password)} where staff_id = ${person.id}`.execute(
        signOn.hub.db,
      );
      const before = await read();
      assert.ok(await opens(person.username, person.password));
      const after = await read();
      assert.ok(before.hash.includes('m=8192') && after.hash.includes('m=7168'));
      assert.deepEqual(after.at, before.at);
      assert.ok(await opens(person.username, person.password));
    });

    it('is changed by its owner, who knows the old one, and not back to one of the last', async () => {
      const person = await signOn.hire();
      const browse = browser();
      await signIn(browse, person.username, person.password);
      const page = () => browse.open(`${signOn.origin}/sso/my/password`);
      const change = async (current: string, password: string) =>
        browse.submit(await page(), { current, password, repeated: password });
      const third = 'Gió lùa 9 cửa.';
      assert.ok((await change('Sai rồi 1!', good)).text.includes('Mật khẩu hiện tại không đúng'));
      assert.ok(await opens(person.username, person.password));
      assert.equal((await change(person.password, good)).status, 200);
      assert.equal((await change(good, other)).status, 200);
      for (const had of [other, good, person.password])
        assert.ok((await change(other, had)).text.includes('đã dùng mật khẩu này'), had);
      assert.equal((await change(other, third)).status, 200);
      assert.equal((await change(third, 'Sông 10 nhánh?')).status, 200);
      assert.equal((await change('Sông 10 nhánh?', good)).status, 200, 'two others were between');
      assert.ok(await opens(person.username, good));
    });

    it('is asked of nobody who is not signed in', async () => {
      const page = await browser().open(`${signOn.origin}/sso/my/password`);
      assert.ok(page.url.includes('/sso/interaction/'));
    });
  });

  describe('A clerk', () => {
    let clerk: Person;
    let below: Person;
    let elsewhere: Person;
    let withRole: Person;
    let browse: Browse;
    before(async () => {
      const [district] = (await signOn.hub.call('units.list', {})).filter(({ code }) => code === '476');
      const [commune] = await signOn.hub.call('units.list', { parentId: district!.id });
      clerk = await signOn.hire('Võ Văn Thư', { unitCode: '476' });
      below = await newcomer('Phan Văn Dưới', { unitCode: commune!.code });
      withRole = await signOn.hire('Hồ Thị Quyền', { unitCode: '476' });
      elsewhere = await newcomer('Đặng Ở Xa', { unitCode: '474' });
      const { call } = signOn.hub;
      await call('sso.set-roles', { staffId: clerk.id, roles: ['clerk'], actor: 'test' });
      await call('sso.set-roles', { staffId: withRole.id, roles: ['internet'], actor: 'test' });
      browse = browser();
      await signIn(browse, clerk.username, clerk.password);
    });
    const page = (query = '') => browse.open(`${signOn.origin}/sso/my/clerk${query}`);
    const act = async (action: string, { id }: { id: string }, csrf?: string) =>
      browse.open(`${signOn.origin}/sso/my/clerk`, {
        method: 'POST',
        body: new URLSearchParams({ csrf: csrf ?? csrfOf(await page()), staffId: id, action }),
      });

    it('sees the people of the own unit and below, and no others', async () => {
      const { text } = await page();
      assert.ok(text.includes('Phan Văn Dưới') && text.includes('Chưa kích hoạt'));
      assert.ok(!text.includes('Đặng Ở Xa'));
      assert.ok((await page('?q=quyen')).text.includes('Hồ Thị Quyền'));
      assert.ok(!(await page('?q=quyen')).text.includes('Phan Văn Dưới'));
      assert.ok((await browse.open(signOn.origin)).text.includes('/sso/my/clerk'));
    });

    it('makes a code that is shown once and noted, and the person signs in with what they choose', async () => {
      const slip = await act('activation', below);
      const code = /<code>([2-9A-Z]{4}-[2-9A-Z]{4})<\/code>/.exec(slip.text)![1]!;
      secrets.push(code);
      assert.ok((await page()).text.includes('Đã cấp mã') && !(await page()).text.includes(code));
      const [line] = await trail(below);
      assert.equal(line!.action, 'activation.made');
      assert.equal(line!.actor, `staff:${clerk.id}`);
      assert.equal((await activate(browser(), { username: below.username, code })).status, 200);
      assert.ok(await opens(below.username, good));
    });

    it('unlocks, and sees who is locked', async () => {
      const there = browser();
      for (let wrong = 0; wrong < 5; wrong++) await signIn(there, below.username, 'Sai rồi 1!');
      assert.ok((await page()).text.includes('Đang bị tạm khoá'));
      assert.equal((await act('unlock', below)).status, 200);
      assert.ok(isSignedIn(await signIn(there, below.username, good)));
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
          assert.ok(!(await actions(person)).includes('activation.made'));
        }
      assert.equal((await act('activation', { id: 'x' })).status, 400);
      assert.equal((await act('activation', { id: "'; --" })).status, 400);
    });

    it('is nobody without the role', async () => {
      const visitor = browser();
      await signIn(visitor, below.username, good);
      assert.equal((await visitor.open(`${signOn.origin}/sso/my/clerk`)).status, 404);
      assert.ok(!(await visitor.open(signOn.origin)).text.includes('/sso/my/clerk'));
    });

    it('does nothing by a form that another site made', async () => {
      const foreign = csrfOf(await browser().open(`${signOn.origin}/sso/activate`));
      const before = await trail(below);
      for (const csrf of ['', foreign, 'x'.repeat(43)])
        assert.equal((await act('activation', below, csrf)).status, 400);
      assert.deepEqual(await trail(below), before);
    });
  });

  describe('A form', () => {
    it('without the mark of this browser changes nothing', async () => {
      const person = await newcomer();
      const { code } = await activationFor(person);
      const foreign = csrfOf(await browser().open(`${signOn.origin}/sso/activate`));
      const browse = browser();
      const send = (path: string, fields: Record<string, string>) =>
        browse.open(signOn.origin + path, { method: 'POST', body: new URLSearchParams(fields) });
      const fields = { username: person.username, code, password: good, repeated: good };
      assert.equal((await send('/sso/activate', fields)).status, 400);
      await browse.open(`${signOn.origin}/sso/activate`);
      assert.equal((await send('/sso/activate', { ...fields, csrf: foreign })).status, 400);
      assert.equal((await activate(browse, { username: person.username, code })).status, 200);

      await signIn(browse, person.username, good);
      const change = { current: good, password: other, repeated: other };
      for (const csrf of ['', foreign])
        assert.equal((await send('/sso/my/password', { ...change, csrf })).status, 400);
      assert.ok(await opens(person.username, good));
    });

    it('that is far too large is answered in words, whether it says so or not', async () => {
      const open = await browser().open(`${signOn.origin}/sso/activate`);
      const body = `csrf=${csrfOf(open)}&password=${'x'.repeat(300_000)}`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const streamed = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(body));
          controller.close();
        },
      });
      for (const init of [{ body }, { body: streamed, duplex: 'half' as const }]) {
        const answer = await fetch(`${signOn.origin}/sso/activate`, { method: 'POST', headers, ...init });
        assert.equal(answer.status, 413);
        assert.ok((await answer.text()).includes('quá lớn'));
      }
    });

    it('may hold anything in its fields', async () => {
      for (const username of ["' or ''='", 'a\0b', '<script>alert(1)</script>', 'x'.repeat(10_000), '😀'])
        assert.equal((await signIn(browser(), username, 'y'.repeat(10_000))).status, 422, username);
      const page = await signIn(browser(), '<script>alert(1)</script>', 'x');
      assert.ok(!page.text.includes('<script>'));
    });
  });

  it('is behind the scope admin in the API, and of a person that there is', async () => {
    const person = await newcomer();
    const reader = await getToken(signOn.hub && { call: signOn.hub.call, origin: signOn.origin }, undefined, [
      'hr.read',
    ]);
    for (const path of ['activation', 'unlock']) {
      assert.equal((await post(`${person.id}/${path}`, reader)).status, 403);
      assert.equal((await post(`00000000-0000-4000-8000-000000000000/${path}`)).status, 404);
    }
  });

  it('keep their user names: renamed, away and back, and after they left', async () => {
    const first = await newcomer('Tôn Nữ Kim Cúc');
    const second = await newcomer('Tôn Nữ Kim Cúc');
    assert.equal(second.username, `${first.username}2`);
    const { call } = signOn.hub;
    const nameOf = async ({ id }: Person) => (await call('staff.get', { id })).username;
    await signOn.setStatus({ ...first, name: 'Tôn Nữ Kim Lan' }, 'active');
    assert.equal(await nameOf(first), first.username);
    await signOn.setStatus(second, 'left');
    const third = await newcomer('Tôn Nữ Kim Cúc');
    assert.equal(third.username, `${first.username}3`);
    await signOn.setStatus(second, 'active');
    assert.equal(await nameOf(second), second.username);
    const { code } = await activationFor(second);
    assert.equal((await activate(browser(), { username: second.username, code })).status, 200);
    assert.ok(await opens(`${second.username}@example.gov.vn`, good));
  });

  describe('What is written down', () => {
    it('holds no password and no code', async () => {
      const { rows } = await sql<{ line: string }>`select a::text as line from audit a`.execute(
        signOn.hub.db,
      );
      const told = [...signOn.lines, ...rows.map(({ line }) => line)].join('\n');
      assert.ok(told.includes('password.set') && signOn.lines.length > 100);
      for (const secret of secrets) assert.ok(!told.includes(secret));
    });
  });
});
