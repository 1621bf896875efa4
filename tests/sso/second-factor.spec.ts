import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { createFailureCounter } from '#sso/accounts/failure-counter.ts';
import { unlockAccount } from '#sso/accounts/unlock-account.ts';
import { endAllOf } from '#sso/sessions/end-sessions.ts';
import {
  codeOf,
  internet,
  readSecret,
  recoveryCodesOn,
  setUpTotp,
  trailOf,
  waitForNextCode,
  wan,
  withPassword,
} from '#tests/sso/authenticator.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { callback } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { type SteppingParty, secondFactor, steppingParty } from '#tests/sso/stepping-party.ts';
import { getToken } from '#tests/support/get-token.ts';

describe('A second factor', () => {
  let signOn: SignOn;
  let guarded: SteppingParty;
  let plain: SteppingParty;
  let person: Person;
  let headers: Record<string, string>;
  let browse: Browse;
  before(async () => {
    signOn = await startSignOn();
    guarded = await steppingParty(signOn, 'portal', { app: { signOn: { secondFactor: true } } });
    plain = await steppingParty(signOn, 'mail');
  });
  after(() => signOn.stop());
  beforeEach(async () => {
    person = await signOn.hire();
    headers = { 'x-forwarded-for': wan };
    browse = createBrowse(['http://app.test/'], headers);
  });

  const toFactor = async (party = guarded, by = browse, more = {}): Promise<Visit> =>
    withPassword(by, await by.open(await party.begin(more)), person);
  const another = () => createBrowse(['http://app.test/'], headers);

  /** As if the person had proven who they are so many seconds earlier. */
  const ageSession = (seconds: number) =>
    sql`update oidc_record set payload = payload || jsonb_build_object('loginTs', (payload->>'loginTs')::int - ${seconds}::int)
        where model = 'Session' and account_id = ${person.id}`.execute(signOn.hub.db);

  it('is set up during the sign-in that needs it, with recovery codes, and told to the app', async () => {
    const page = await toFactor();
    assert.match(page.text, /<svg/);
    const wrong = await browse.submit(page, { code: '000000' });
    assert.equal(wrong.status, 422);
    assert.equal(readSecret(wrong), readSecret(page), 'what was scanned stays good');
    const done = await browse.submit(wrong, { code: codeOf(readSecret(page)) });
    assert.equal(recoveryCodesOn(done).length, 10);
    const claims = await guarded.claims(await browse.submit(done, {}));
    assert.deepEqual(claims.amr, ['pwd', 'otp']);
    assert.equal(claims.acr, secondFactor);
    const again = await browse.open(await plain.begin({ acr_values: secondFactor }));
    assert.equal((await plain.claims(again)).acr, secondFactor, 'the session keeps it');
    const { rows } = await sql<{ secret: Buffer }>`
      select secret from factor where staff_id = ${person.id}`.execute(signOn.hub.db);
    assert.ok(!rows[0]!.secret.toString('latin1').includes(readSecret(page)), 'sealed');
    assert.ok((await trailOf(signOn, person)).some(({ action }) => action === 'factor.added'));
  });

  it('is set up by nobody at a browser that was left open: the password is asked for again', async () => {
    await toFactor(plain);
    await ageSession(301);
    const silent = await browse.open(await guarded.begin({ prompt: 'none' }));
    assert.match(silent.url, /error=interaction_required/);
    const asked = await browse.open(await guarded.begin());
    assert.ok(asked.text.includes('name="password"'));
    const page = await withPassword(browse, asked, person);
    const done = await browse.submit(page, { code: codeOf(readSecret(page)) });
    const { amr, auth_time: provenAt } = await guarded.claims(await browse.submit(done, {}));
    assert.deepEqual(amr, ['pwd', 'otp']);
    assert.ok((provenAt as number) > Date.now() / 1000 - 60);
  });

  it('is set up after a fresh password without asking for it twice', async () => {
    await toFactor(plain);
    assert.match((await browse.open(await guarded.begin())).text, /<svg/);
  });

  it('that was taken away meanwhile is not set up anew by a browser that was left open', async () => {
    await setUpTotp(signOn, another(), person);
    await toFactor(plain);
    await ageSession(901);
    const step = await browse.open(await guarded.begin());
    assert.ok(!step.text.includes('name="password"'));
    await signOn.hub.call('sso.remove-factors', { staffId: person.id, actor: 'test' });
    // With the factors everything of the person ended, this sign-in under way too.
    const left = await browse.open(step.url);
    assert.equal(left.status, 400);
    assert.match(left.text, /role="alert"/);
  });

  it('finishes no sign-in that began with the old password, or before a sign-out everywhere', async () => {
    const own = another();
    const { secret } = await setUpTotp(signOn, own, person);
    const code = codeOf(secret);
    const changePassword = async (): Promise<void> => {
      const page = await own.open(`${signOn.origin}/sso/my/password`);
      const password = 'Gió lùa 9 cửa.';
      const done = await own.submit(page, { current: person.password, password, repeated: password });
      assert.equal(done.status, 200);
      person = { ...person, password };
    };
    const signOutEverywhere = async (): Promise<void> => {
      await endAllOf(signOn.hub.context, person.id, { reason: 'revoked', actor: 'test' });
    };
    for (const end of [changePassword, signOutEverywhere]) {
      // One waits for the code; of the other everything is proven, and it has not gone on to the app yet.
      const waiting = await toFactor();
      const proven = createBrowse([`${signOn.origin}/sso/auth/`], headers);
      const last = await proven.submit(await toFactor(guarded, proven), { code });
      assert.ok(last.url.includes('/sso/auth/'), last.text);
      await waitForNextCode(signOn, person);
      await end();
      assert.equal((await browse.submit(waiting, { code })).status, 400);
      const resumed = await fetch(last.url, {
        redirect: 'manual',
        headers: { ...headers, cookie: await proven.jar.getCookieString(last.url) },
      });
      assert.equal(resumed.status, 400);
    }
  });

  it('is asked for by a code that serves once, however many bring it at the same moment', async () => {
    const { secret } = await setUpTotp(signOn, another(), person);
    const browsers = Array.from({ length: 4 }, another);
    const pages = await Promise.all(browsers.map(one => toFactor(guarded, one)));
    const code = codeOf(secret);
    const came = await Promise.all(browsers.map((one, at) => one.submit(pages[at]!, { code })));
    assert.equal(came.filter(({ url }) => url.startsWith(callback)).length, 1);
    assert.equal(came.filter(({ status }) => status === 422).length, 3);
    const late = await another().open(await guarded.begin());
    assert.ok(late.text.includes('name="password"'));
    const replay = await browse.submit(await toFactor(), { code });
    assert.equal(replay.status, 422, 'and not again later');
    assert.equal((await browse.submit(replay, { code: codeOf(secret, 1) })).url.startsWith(callback), true);
    const actions = (await trailOf(signOn, person)).map(({ action }) => action);
    assert.equal(actions.filter(action => action === 'factor.used').length, 2);
    assert.equal(actions.filter(action => action === 'factor.refused').length, 4);
  });

  it('takes the code of a step before or after, and no older one', async () => {
    const { secret } = await setUpTotp(signOn, another(), person);
    const page = await toFactor();
    const old = await browse.submit(page, { code: codeOf(secret, -3) });
    assert.equal(old.status, 422);
    const early = await browse.submit(old, { code: codeOf(secret, 1) });
    assert.ok(early.url.startsWith(callback));
  });

  it('lets a recovery code stand in once, even when it is used twice at the same moment, and tells how many are left', async () => {
    const { codes } = await setUpTotp(signOn, another(), person);
    assert.equal(new Set(codes).size, 10);
    const browsers = [another(), another(), another()];
    const pages = await Promise.all(browsers.map(one => toFactor(guarded, one)));
    const form = { kind: 'recovery', code: codes[0]!.toUpperCase().replace('-', ' ') };
    const came = await Promise.all(browsers.map((one, at) => one.submit(pages[at]!, form)));
    const taken = came.findIndex(({ status }) => status === 200);
    assert.equal(came.filter(({ status }) => status === 422).length, 2);
    assert.match(came[taken]!.text, /còn 9 mã/);
    const claims = await guarded.claims(await browsers[taken]!.submit(came[taken]!, {}));
    assert.deepEqual(claims.amr, ['pwd', 'rec']);
    assert.equal(claims.acr, secondFactor);
    const { rows } = await sql`select code_hash from recovery_code where staff_id = ${person.id}`.execute(
      signOn.hub.db,
    );
    assert.ok(!JSON.stringify(rows).includes(codes[0]!));
  });

  it('makes who guesses codes wait, however many at once, and shuts out neither other factors nor the password', async () => {
    const { secret, codes } = await setUpTotp(signOn, another(), person);
    const page = await toFactor();
    const guesses = Array.from({ length: 12 }, (_, at) =>
      browse.submit(page, { code: String(100_000 + at) }),
    );
    await Promise.all(guesses);
    const noted = async (reason: string) =>
      (await trailOf(signOn, person)).filter(
        ({ action, detail }) => action === 'factor.refused' && detail.reason === reason,
      ).length;
    assert.equal(await noted('wrong'), 5);
    assert.equal(await noted('wait'), 1, 'of seven the first: nobody fills the trail');
    const right = await browse.submit(page, { code: codeOf(secret) });
    assert.equal(right.status, 422);
    assert.match(right.text, /15 phút/);
    assert.ok((await toFactor(plain, another())).url.startsWith(callback), 'the password is not locked');
    const recovered = await browse.submit(right, { kind: 'recovery', code: codes[0]! });
    assert.equal(recovered.status, 200);
    await sql`update factor_failure set free_at = now() where staff_id = ${person.id}`.execute(signOn.hub.db);
    const guesser = another();
    const anew = await toFactor(guarded, guesser);
    for (let times = 0; times < 7; times += 1) await guesser.submit(anew, { code: '000000' });
    assert.equal(await noted('wait'), 2, 'the next wait is another');
    await sql`update factor_failure set free_at = now() where staff_id = ${person.id}`.execute(signOn.hub.db);
    const other = another();
    assert.ok(
      (await other.submit(await toFactor(guarded, other), { code: codeOf(secret) })).url.startsWith(callback),
    );
  });

  it('need not be waited for when the IT centre unlocks; a clerk and an activation code forget no guesses at it', async () => {
    const { secret } = await setUpTotp(signOn, another(), person);
    const page = await toFactor();
    for (let times = 0; times < 5; times += 1) await browse.submit(page, { code: '000000' });
    const given = { staffId: person.id, actor: 'test', requestId: randomUUID() };
    const deps = {
      context: signOn.hub.context,
      failures: createFailureCounter(signOn.hub.context, signOn.hub.context.config.signOn),
    };
    await unlockAccount(deps, given);
    assert.match((await browse.submit(page, { code: codeOf(secret) })).text, /15 phút/);
    const token = await getToken({ call: signOn.hub.call, origin: signOn.origin }, undefined, ['admin']);
    const unlocked = await fetch(`${signOn.origin}/api/v1/staff/${person.id}/unlock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    assert.deepEqual(await unlocked.json(), { networks: 0 });
    assert.ok((await browse.submit(page, { code: codeOf(secret) })).url.startsWith(callback));
    const noted = (await trailOf(signOn, person)).filter(({ action }) => action === 'account.unlocked');
    assert.deepEqual(
      noted.map(({ detail }) => detail),
      [{ networks: 0, factors: 1 }],
    );
  });

  it('is asked of a session that has none, without the password, where acr_values or an essential acr asks', async () => {
    const { secret } = await setUpTotp(signOn, another(), person);
    const first = await plain.claims(await toFactor(plain));
    const now = Math.floor(Date.now() / 1000);
    assert.deepEqual(first.amr, ['pwd']);
    const ways: Record<string, string>[] = [
      { acr_values: secondFactor },
      { claims: JSON.stringify({ id_token: { acr: { essential: true, value: secondFactor } } }) },
      { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['x', secondFactor] } } }) },
    ];
    for (const more of ways) {
      const one = another();
      await toFactor(plain, one);
      await ageSession(100);
      const silent = await one.open(await plain.begin({ ...more, prompt: 'none' }));
      assert.match(silent.url, /error=interaction_required/);
      const step = await one.open(await plain.begin(more));
      assert.ok(!step.text.includes('name="password"'));
      await waitForNextCode(signOn, person);
      const claims = await plain.claims(await one.submit(step, { code: codeOf(secret) }));
      assert.deepEqual(claims.amr, ['pwd', 'otp']);
      assert.equal(claims.acr, secondFactor);
      assert.ok((claims.auth_time as number) <= now - 90, 'the session is surer, but no younger');
      assert.ok((await one.open(await plain.begin(more))).url.startsWith(callback), 'not again');
      const less = {
        claims: JSON.stringify({
          id_token: { acr: { essential: true, value: 'urn:lienthong:acr:password' } },
        }),
      };
      assert.ok((await one.open(await plain.begin(less))).url.startsWith(callback), 'more serves for less');
    }
  });

  it('ends a request for an acr that nobody can have, instead of going round', async () => {
    await toFactor(plain);
    const more = { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:else' } } }) };
    const silent = await browse.open(await plain.begin({ ...more, prompt: 'none' }));
    assert.match(silent.url, /error=unmet_authentication_requirements/);
    const page = await browse.open(await plain.begin(more));
    assert.equal(page.status, 403);
    assert.match((await browse.submit(page, {})).url, /error=unmet_authentication_requirements/);
  });

  it('cannot be set up from the Internet by whoever knows the password', async () => {
    await signOn.hub.call('sso.set-roles', { staffId: person.id, roles: ['internet'], actor: 'test' });
    const open = await steppingParty(signOn, 'open', {
      app: { signOn: { internet: true, secondFactor: true } },
    });
    headers['x-forwarded-for'] = wan;
    const offered = await toFactor(open);
    headers['x-forwarded-for'] = internet;
    const moved = await browse.submit(offered, { code: codeOf(readSecret(offered)) });
    assert.match(moved.url, /error=access_denied/, 'nor by moving there after the page was drawn');
    const page = await toFactor(open, another());
    assert.match(page.text, /Đăng nhập từ Internet cần xác thực hai lớp/);
    assert.ok(!page.text.includes('<svg'));
    const { rows } = await sql`select 1 from factor where staff_id = ${person.id}`.execute(signOn.hub.db);
    assert.equal(rows.length, 0);
  });

  it('is named and removed on a page of its own, after a fresh proof', async () => {
    const { secret } = await setUpTotp(signOn, browse, person);
    const list = `${signOn.origin}/sso/my/factors`;
    const page = await browse.open(list);
    const post = (path: string, fields: Record<string, string>) => {
      const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)![1]!;
      const id = /name="id" value="([^"]*)"/.exec(page.text)![1]!;
      return browse.open(`${list}/${path}`, {
        method: 'POST',
        body: new URLSearchParams({ csrf, id, ...fields }),
      });
    };
    assert.match((await post('rename', { name: 'Máy <b>' })).text, /Máy &lt;b&gt;/);
    const forged = await post('remove', { csrf: 'x' });
    assert.notEqual(forged.status, 200);
    const asked = await post('remove', {});
    assert.ok(
      !asked.text.includes('name="password"') && asked.text.includes('one-time-code'),
      'only the factor is missing',
    );
    await browse.submit(asked, { code: codeOf(secret) });
    await ageSession(301);
    const stale = await post('codes', {});
    assert.ok(stale.text.includes('name="password"'), 'a proof of five minutes ago is not enough');
    await waitForNextCode(signOn, person);
    const back = await browse.submit(await withPassword(browse, stale, person), { code: codeOf(secret) });
    assert.equal(back.url, list);
    assert.equal(recoveryCodesOn(await post('codes', {})).length, 10);
    assert.doesNotMatch((await post('remove', {})).text, /Máy/);
    const { rows } = await sql`select 1 from recovery_code where staff_id = ${person.id}`.execute(
      signOn.hub.db,
    );
    assert.equal(rows.length, 0, 'the codes stood in for it');
    assert.ok((await trailOf(signOn, person)).some(({ action }) => action === 'factor.removed'));
  });

  it('is taken from a person who lost everything by the IT centre, and set up anew', async () => {
    await setUpTotp(signOn, another(), person);
    await signOn.hub.call('sso.remove-factors', { staffId: person.id, actor: 'test' });
    assert.match((await toFactor()).text, /<svg/);
  });
});
