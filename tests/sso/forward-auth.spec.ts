import assert from 'node:assert/strict';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { codeOf, internet, setUpTotp } from '#tests/sso/authenticator.ts';
import { type Ask, asNginx, asTraefik, createAppBrowser } from '#tests/sso/behind-proxy.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

const directives = 'https://chidao.test';
const reports = 'https://baocao.test:8443';
const page = `${directives}/viec?trang=2`;

describe('The sub-request of a proxy before an app', () => {
  let signOn: SignOn;
  let person: Person;
  const register = (id: string, origin: string, more: object = {}) =>
    signOn.app(id, {
      attributes: ['username', 'name', 'unitCode'],
      signOn: { forwardAuth: { origins: [origin] } },
      ...more,
    });
  const browser = () => createAppBrowser(signOn, [directives, reports]);
  const signedIn = async (who = person, at = page) => {
    const browse = browser();
    const came = await browse.signIn(await browse.open(at), who);
    assert.equal(came.status, 200, came.url);
    return { browse, came };
  };
  const endSession = () => sql`delete from oidc_record where model = 'Session'`.execute(signOn.hub.db);

  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Nguyễn Thị Ánh (Sở)');
    await register('directives', directives);
    await register('reports', reports, { entitlement: { purpose: 'test', attributes: [] } });
  });
  after(() => signOn.stop());

  it('sends a person to sign in, brings them back to where they were going, and tells the app who it is', async () => {
    const { came } = await signedIn();
    assert.equal(came.url, page);
    assert.equal(came.headers.get('x-auth-staff-id'), person.id);
    assert.equal(came.headers.get('x-auth-user'), person.username);
    const name = came.headers.get('x-auth-name')!;
    assert.match(name, /^[\w!#$&+.^`|~%-]+$/);
    assert.equal(decodeURIComponent(name), person.name);
  });

  it('signs what it tells, for this app alone and for a minute', async () => {
    const { came } = await signedIn();
    const keys = createRemoteJWKSet(new URL(`${signOn.origin}/sso/jwks`));
    const token = came.headers.get('x-auth-jwt')!;
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: `${signOn.origin}/sso`,
      audience: 'directives',
      algorithms: ['ES256'],
      typ: 'forward-auth+jwt',
    });
    assert.equal(payload.sub, person.id);
    assert.equal(payload.name, person.name);
    assert.equal(payload.exp! - payload.iat!, 60);
    assert.equal(protectedHeader.alg, 'ES256');
    await assert.rejects(jwtVerify(token, keys, { audience: 'reports' }));
    const api = await fetch(`${signOn.origin}/api/v1/apps`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(api.status, 401, 'it is no access token');
  });

  it('opens a second app without a second password, and tells each only what it may know', async () => {
    const { browse } = await signedIn();
    const there = await browse.open(`${reports}/`);
    assert.equal(there.status, 200);
    assert.equal(there.headers.get('x-auth-staff-id'), person.id);
    for (const header of ['x-auth-user', 'x-auth-name', 'x-auth-unit'])
      assert.equal(there.headers.get(header), '', `${header} is told, empty: it replaces what a client sent`);
    const told = decodeJwt(there.headers.get('x-auth-jwt')!);
    assert.deepEqual([told.name, told.preferred_username, told.unit_code], [undefined, undefined, undefined]);
  });

  it('tells nginx 401 and where to sign in, since nginx heeds no redirect', async () => {
    const answer = await browser().ask(page, { tell: asNginx });
    assert.equal(answer.status, 401);
    assert.equal(
      answer.headers.get('x-auth-sign-in'),
      `${directives}/.lienthong/sign-in?to=%2Fviec%3Ftrang%3D2`,
    );
  });

  it('answers 401 without a way to sign in to what is no navigation: scripts, posts, pictures', async () => {
    for (const tell of [asTraefik, asNginx])
      for (const init of [
        { headers: { 'sec-fetch-mode': 'cors' } },
        { headers: { 'x-requested-with': 'XMLHttpRequest' } },
        { headers: { accept: 'application/json' } },
        { method: 'POST' },
        { method: 'DELETE' },
      ] as Ask[]) {
        const answer = await browser().ask(page, { ...init, tell });
        assert.equal(answer.status, 401, JSON.stringify(init));
        assert.equal(answer.headers.get('location'), null);
        assert.equal(answer.headers.get('x-auth-sign-in'), null);
      }
  });

  it('lets posts and scripts through once somebody is signed in', async () => {
    const { browse } = await signedIn();
    for (const init of [{ method: 'POST' }, { headers: { 'sec-fetch-mode': 'cors' } }] as Ask[])
      assert.equal((await browse.ask(page, init)).status, 200);
  });

  it('answers 401 at the first sub-request after the session has ended', async () => {
    const { browse } = await signedIn();
    assert.equal((await browse.ask(page)).status, 200);
    await endSession();
    const next = await browse.ask(page, { headers: { 'sec-fetch-mode': 'cors' } });
    assert.equal(next.status, 401);
    assert.equal(next.headers.get('x-auth-staff-id'), null);
  });

  it('answers 401 to who has left the service', async () => {
    const leaver = await signOn.hire('Trần Văn Nghỉ');
    const { browse } = await signedIn(leaver);
    await signOn.setStatus(leaver, 'left');
    await waitUntil(
      'the leaver is out',
      async () => (await browse.ask(page, { method: 'POST' })).status === 401,
      { withinMs: 10_000 },
    );
  });

  it('takes the cookie of one app at no other', async () => {
    const { browse } = await signedIn();
    const cookies = await browse.jar.getCookies(page);
    const value = cookies.find(({ key }) => key === '__Host-lienthong_directives')!.value;
    const other = browser();
    const stolen = { cookie: `__Host-lienthong_reports=${value}; __Host-lienthong_directives=${value}` };
    assert.equal((await other.ask(`${reports}/`, { method: 'POST', headers: stolen })).status, 401);
    assert.equal((await other.ask(page, { method: 'POST', headers: stolen })).status, 200);
  });

  it('takes no cookie that was changed', async () => {
    const forged = { cookie: `__Host-lienthong_directives=${Buffer.alloc(80).toString('base64url')}` };
    assert.equal((await browser().ask(page, { method: 'POST', headers: forged })).status, 401);
  });

  it('keeps scripts and plain connections from the cookie', async () => {
    const { browse } = await signedIn();
    const cookies = await browse.jar.getCookies(page);
    const { httpOnly, secure, sameSite, path, hostOnly } = cookies.find(
      ({ key }) => key === '__Host-lienthong_directives',
    )!;
    assert.deepEqual(
      { httpOnly, secure, sameSite, path, hostOnly },
      { httpOnly: true, secure: true, sameSite: 'lax', path: '/', hostOnly: true },
    );
  });

  it('never takes identity headers of the request for its own', async () => {
    const headers = { 'x-auth-staff-id': person.id, 'x-auth-user': 'admin', 'x-auth-jwt': 'x' };
    const answer = await browser().ask(page, { method: 'POST', headers });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('x-auth-user'), null);
    const { browse } = await signedIn();
    assert.equal((await browse.ask(page, { headers })).headers.get('x-auth-user'), person.username);
  });

  it('heeds no second word on the address: a client may have put it there', async () => {
    const { browse } = await signedIn();
    const cookie = await browse.jar.getCookieString(page);
    const spoofed = await browse.ask(`${reports}/`, { headers: { cookie, 'x-original-url': page } });
    assert.equal(spoofed.status, 400);
    assert.equal(spoofed.headers.get('x-auth-staff-id'), null);
    const forwarded = await browse.ask(page, { tell: asNginx, headers: asTraefik(`${reports}/`) });
    assert.equal(forwarded.status, 400);
  });

  it('knows no app at an address that is not registered, and none that is switched off', async () => {
    const unknown = createAppBrowser(signOn, ['https://la.test']);
    assert.equal((await unknown.ask('https://la.test/')).status, 403);
    const near = createAppBrowser(signOn, ['http://chidao.test']);
    assert.equal((await near.ask('http://chidao.test/')).status, 403, 'another scheme is another origin');
    await register('old', 'https://cu.test', { enabled: false });
    const old = createAppBrowser(signOn, ['https://cu.test']);
    assert.equal((await old.ask('https://cu.test/')).status, 403);
  });

  describe('judges each request as a sign-in', () => {
    let at: string;
    let count = 0;
    // What was remembered of one app is nothing to the next.
    beforeEach(() => {
      count += 1;
      at = `https://mo-${count}.test`;
    });
    const put = (signOnMore: object) =>
      register(`open-${count}`, at, { signOn: { forwardAuth: { origins: [at] }, ...signOnMore } });
    const is401 = async (browse: ReturnType<typeof browser>) =>
      (await browse.ask(at, { method: 'POST' })).status === 401;
    /** What the register says is remembered for a second. */
    const known = () =>
      waitUntil('the app is known', () => is401(createAppBrowser(signOn, [at])), { withinMs: 10_000 });
    const refused = (browse: ReturnType<typeof browser>) =>
      waitUntil('it is refused', () => is401(browse), { withinMs: 10_000 });
    const opened = (browse: ReturnType<typeof browser>) =>
      waitUntil('it is opened', async () => !(await is401(browse)), { withinMs: 10_000 });

    it('refuses a session of a password alone once the app asks for a second factor', async () => {
      await put({});
      await known();
      const browse = createAppBrowser(signOn, [at]);
      assert.equal((await browse.signIn(await browse.open(at), person)).status, 200);
      await put({ secondFactor: true });
      await refused(browse);
      await put({});
      await opened(browse);
    });

    it('refuses who may no longer come from the Internet, and all when the app is no longer opened there', async () => {
      const traveller = await signOn.hire();
      const may = (roles: 'internet'[]) =>
        signOn.hub.call('sso.set-roles', { staffId: traveller.id, roles, actor: 'test' });
      const { secret } = await setUpTotp(signOn, createBrowse(), traveller);
      await put({ internet: true });
      await known();
      await may(['internet']);
      const browse = createAppBrowser(signOn, [at], internet);
      const page = await browse.signIn(await browse.open(at), traveller);
      const came = await browse.submit(page, { kind: 'totp', code: codeOf(secret) });
      assert.deepEqual([came.url, came.status], [`${at}/`, 200], came.text);
      await may([]);
      await refused(browse);
      await may(['internet']);
      await opened(browse);
      await put({});
      await refused(browse);
    });
  });

  it('asks again from the Internet who signed in inside the province', async () => {
    const { browse } = await signedIn();
    const outside = { 'x-forwarded-for': '203.0.113.7' };
    assert.equal((await browse.ask(page, { method: 'POST', headers: outside })).status, 401);
    assert.equal((await browse.ask(page, { method: 'POST' })).status, 200);
  });
});

describe('A proxy that is not trusted', () => {
  let signOn: SignOn;
  before(async () => {
    signOn = await startSignOn({ config: { trustedProxies: ['192.0.2.1'] } });
    await signOn.app('directives', { attributes: [], signOn: { forwardAuth: { origins: [directives] } } });
  });
  after(() => signOn.stop());

  it('is not heard: neither dialect tells anything', async () => {
    const browse = createAppBrowser(signOn, [directives]);
    for (const tell of [asTraefik, asNginx])
      for (const url of [
        page,
        `${directives}/.lienthong/sign-in?to=/`,
        `${directives}/.lienthong/callback?code=x`,
      ])
        assert.equal((await browse.ask(url, { tell })).status, 400);
  });
});
