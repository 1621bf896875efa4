import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import {
  callback,
  createRelyingParty,
  giveName,
  newBrowser,
  type RelyingParty,
} from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

const enter = async (browse: Browse, url: string, who: Person): Promise<Visit> =>
  giveName(browse, await browse.open(url), who);

describe('Whoever attacks the sign-on', () => {
  let signOn: SignOn;
  let person: Person;
  let app: RelyingParty;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await createRelyingParty(signOn, 'portal', { refresh: true });
  });
  after(() => signOn.stop());

  const token = (fields: Record<string, string>) =>
    fetch(`${signOn.origin}/sso/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: app.clientId,
        client_secret: app.clientSecret,
        ...fields,
      }),
    });
  const codeOf = async (more: Record<string, string> = {}) => {
    const { url, verifier } = await app.begin(more);
    const came = await enter(newBrowser(), url, person);
    const code = new URL(came.url).searchParams.get('code');
    assert.ok(code !== null, came.url);
    return { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback };
  };
  const statuses = async (answers: Promise<Response>[]) =>
    (await Promise.all(answers)).map(({ status }) => status).sort();

  it('redeems a code once, however many requests come at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const fields = await codeOf();
      assert.deepEqual(
        await statuses(Array.from({ length: 6 }, () => token(fields))),
        [200, 400, 400, 400, 400, 400],
      );
    }
  });

  it('loses all tokens of a code that is presented again', async () => {
    const fields = await codeOf();
    const granted = (await (await token(fields)).json()) as { access_token: string };
    assert.equal((await token(fields)).status, 400);
    const about = await fetch(`${signOn.origin}/sso/me`, {
      headers: { authorization: `Bearer ${granted.access_token}` },
    });
    assert.equal(about.status, 401);
  });

  it('cannot redeem a code of another client, with another verifier, or at another address', async () => {
    const other = await createRelyingParty(signOn, 'mail');
    for (const change of [
      { client_id: other.clientId, client_secret: other.clientSecret },
      { code_verifier: oidc.randomPKCECodeVerifier() },
      { redirect_uri: 'http://app.test/elsewhere' },
    ])
      assert.equal(
        (await token({ ...(await codeOf()), ...(change as object) })).status,
        400,
        JSON.stringify(change),
      );
  });

  it('uses a refresh token once; a second use ends the whole grant', async () => {
    const granted = (await (await token(await codeOf({ scope: 'openid' }))).json()) as {
      refresh_token: string;
    };
    const refresh = (refresh_token: string) => token({ grant_type: 'refresh_token', refresh_token });
    const both = await statuses([refresh(granted.refresh_token), refresh(granted.refresh_token)]);
    assert.deepEqual(both, [200, 400]);
    const again = (await (await token(await codeOf({ scope: 'openid' }))).json()) as {
      refresh_token: string;
    };
    const next = (await (await refresh(again.refresh_token)).json()) as { refresh_token: string };
    assert.equal((await refresh(again.refresh_token)).status, 400, 'reuse');
    assert.equal((await refresh(next.refresh_token)).status, 400, 'the thief’s or the owner’s: both end');
  });

  it('is sent back to no address that is not registered exactly', async () => {
    for (const redirect_uri of [
      'http://evil.test/callback',
      'http://app.test/callback/../evil',
      'http://app.test/callback?x=1',
      'http://app.test@evil.test/callback',
      'http://APP.test/callback',
      '//evil.test',
      'javascript:alert(1)',
    ]) {
      const { url } = await app.begin({ redirect_uri });
      const page = await newBrowser().open(url);
      assert.equal(page.status, 400, redirect_uri);
      assert.ok(page.url.startsWith(signOn.origin), redirect_uri);
    }
    const out = await newBrowser().open(
      `${signOn.origin}/sso/session/end?client_id=${app.clientId}&post_logout_redirect_uri=http://evil.test/`,
    );
    assert.ok(out.url.startsWith(signOn.origin));
  });

  it('must prove itself by PKCE, whatever secret it has', async () => {
    const { url } = await app.begin();
    const without = new URL(url);
    without.searchParams.delete('code_challenge');
    without.searchParams.delete('code_challenge_method');
    const came = await newBrowser().open(without.href);
    assert.equal(new URL(came.url).searchParams.get('error'), 'invalid_request');
  });

  it('is told which provider answered, so that answers of two are not mixed up', async () => {
    const { url, verifier } = await app.begin();
    const came = await enter(newBrowser(), url, person);
    const mixed = new URL(came.url);
    assert.equal(mixed.searchParams.get('iss'), `${signOn.origin}/sso`);
    mixed.searchParams.set('iss', 'http://evil.test/sso');
    await assert.rejects(app.finish({ ...came, url: mixed.href }, verifier), /invalid response/);
  });

  it('changes nothing by a form that we did not draw for this browser', async () => {
    const { url } = await app.begin();
    const mine = newBrowser();
    const page = await mine.open(url);
    const action = page.url;
    const send = (headers: Record<string, string>, fields: Record<string, string>) =>
      fetch(action, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams({ username: person.username, password: person.password, ...fields }),
      });
    const cookie = await mine.jar.getCookieString(action);
    assert.equal((await send({ cookie }, {})).status, 400, 'no token');
    assert.equal((await send({ cookie }, { csrf: 'forged' })).status, 400, 'a foreign token');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)![1]!;
    assert.equal((await send({}, { csrf })).status, 400, 'another browser');
    assert.equal((await send({ cookie }, { csrf })).status, 303);
  });

  it('finds no session in a cookie that it made, and none that it set before the sign-in', async () => {
    const { url } = await app.begin();
    const victim = newBrowser();
    await victim.jar.setCookie('lienthong_session=attacker; Path=/', signOn.origin);
    const came = await enter(victim, url, person);
    assert.ok(came.url.startsWith(callback));
    const cookie = (await victim.jar.getCookies(signOn.origin)).find(
      ({ key }) => key === 'lienthong_session',
    );
    assert.notEqual(cookie?.value, 'attacker');
    const page = await newBrowser({ cookie: 'lienthong_session=attacker' }).open(`${signOn.origin}/`);
    assert.match(page.text, /name="password"/);
  });

  it('gets a short answer to cookies without end, to NUL and to text in the place of anything', async () => {
    const big = await fetch(`${signOn.origin}/sso/auth`, { headers: { cookie: `a=${'x'.repeat(9000)}` } });
    assert.equal(big.status, 431);
    for (const query of ['client_id=a%00b', 'client_id=%ff', `client_id=${'x'.repeat(5000)}`])
      assert.ok((await fetch(`${signOn.origin}/sso/auth?${query}`)).status < 500, query);
    const { url } = await app.begin({ state: 'a\u0000b' });
    assert.ok((await newBrowser().open(url)).status < 500);
    const missing = `${signOn.origin}/sso/interaction/${randomUUID()}`;
    assert.equal((await newBrowser().open(missing)).status, 400);
  });

  it('cannot come back to our own pages with anything told twice', async () => {
    const here = `${signOn.origin}/sso/my/callback`;
    const browse = createBrowse([here]);
    const { url } = await enter(browse, `${signOn.origin}/`, person);
    const cookie = await browse.jar.getCookieString(url);
    const send = (more: string) => fetch(url + more, { headers: { cookie }, redirect: 'manual' });
    for (const name of ['state', 'code', 'error'])
      assert.equal((await send(`&${name}=a&${name}=b`)).status, 400, name);
    assert.equal((await send('')).status, 303, 'told once it is taken');
  });

  it('reads no token and no session id in a copy of the database', async () => {
    const fields = await codeOf({ scope: 'openid' });
    const granted = (await (await token(fields)).json()) as Record<string, string>;
    const { rows } = await sql<{ all: string }>`
      select coalesce(string_agg(r::text, ' '), '') as all from oidc_record r`.execute(signOn.hub.db);
    for (const secret of [fields.code, granted.access_token!, granted.refresh_token!])
      assert.ok(!rows[0]!.all.includes(secret));
  });

  it('finds no secret, password or token in the log', () => {
    const log = signOn.lines.join('\n');
    assert.ok(log.includes('/sso/token'));
    for (const secret of [person.password, app.clientSecret, 'code=', 'eyJ'])
      assert.ok(!log.includes(secret));
  });
});
