import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { judgeAccess } from '#sso/zones/judge-access.ts';
import { createZoneOf } from '#sso/zones/zone-of.ts';
import {
  codeOf,
  internet,
  setUpTotp,
  trailOf,
  waitForNextCode,
  wan,
  withPassword,
} from '#tests/sso/authenticator.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { callback } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { type SteppingParty, steppingParty } from '#tests/sso/stepping-party.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

describe('The judgement of who may open what from where', () => {
  const strong = { roles: ['internet'] as const, amr: ['pwd', 'otp'] };
  const weak = { roles: [], amr: ['pwd'] };
  const judge = (more: Partial<Parameters<typeof judgeAccess>[0]>) => {
    const verdict = judgeAccess({ zone: 'wan', app: {}, wanted: 'any', person: weak, ...more });
    return verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
  };

  it('asks for nothing more on the province’s network, unless the app or its request does', () => {
    assert.equal(judge({}), 'allowed');
    assert.equal(judge({ app: null }), 'allowed');
    assert.equal(judge({ app: { secondFactor: true } }), 'second-factor');
    assert.equal(judge({ wanted: 'second-factor' }), 'second-factor');
    assert.equal(judge({ wanted: 'second-factor', person: strong }), 'allowed');
    assert.equal(judge({ wanted: 'unknown', person: strong }), 'unknown-acr');
  });

  it('wants the right, the mark and the factor from the Internet, all three', () => {
    const from = (more: object) =>
      judge({ zone: 'internet', app: { internet: true }, person: strong, ...more });
    assert.equal(from({}), 'allowed');
    assert.equal(from({ app: 'own' }), 'allowed');
    assert.equal(from({ app: {} }), 'app-not-on-internet');
    assert.equal(from({ app: null }), 'app-not-on-internet');
    assert.equal(from({ person: { ...strong, roles: ['it-centre'] } }), 'no-internet-right');
    assert.equal(from({ person: { ...strong, amr: ['pwd'] } }), 'second-factor');
    assert.equal(from({ person: undefined }), 'allowed');
    assert.equal(from({ app: {}, person: undefined }), 'app-not-on-internet');
  });
});

describe('The zone of a request', () => {
  const zoneOf = createZoneOf({ wanNetworks: ['10.0.0.0/8'], internetProxies: ['10.9.9.9'] });
  it('is told by the door, then by the proxy, then by the network', () => {
    const from = { internetDoor: false, peer: '10.1.1.1', address: '10.1.1.1' };
    assert.equal(zoneOf(from), 'wan');
    assert.equal(zoneOf({ ...from, internetDoor: true }), 'internet');
    assert.equal(zoneOf({ ...from, peer: '10.9.9.9' }), 'internet');
    assert.equal(zoneOf({ ...from, address: '10.9.9.9' }), 'internet');
    assert.equal(zoneOf({ ...from, address: '203.0.113.9' }), 'internet');
    assert.equal(zoneOf({ ...from, address: '::ffff:10.2.2.2' }), 'wan');
    assert.equal(zoneOf({ ...from, address: 'unknown' }), 'internet');
  });
});

/** What a silent request comes to: of an app that is not marked it tells the zone. */
const errorOf = (url: string): string | null => new URL(url).searchParams.get('error');

describe('What a request says of itself', () => {
  let signOn: SignOn;
  let stopped = false;
  afterEach(async () => {
    if (!stopped) await signOn.stop();
    stopped = false;
  });
  const claims: Record<string, string>[] = [
    { 'x-forwarded-for': wan },
    { forwarded: `for=${wan}` },
    { 'x-real-ip': wan },
    { 'x-zone': 'wan' },
    {
      'x-forwarded-for': `${wan}, ${wan}`,
      'x-real-ip': wan,
      forwarded: `for=${wan}`,
      'x-zone': 'wan',
      via: 'lan',
    },
  ];
  const ask = async (headers: Record<string, string>, port?: number) => {
    const party = await steppingParty(signOn, 'portal');
    const url = new URL(await party.begin({ prompt: 'none' }));
    if (port !== undefined) url.port = String(port);
    return errorOf((await createBrowse(['http://app.test/'], headers).open(url.href)).url);
  };

  it('changes nothing when it comes from a peer that nobody trusts', async () => {
    signOn = await startSignOn({
      settings: { wanNetworks: ['10.0.0.0/8'] },
      config: { trustedProxies: ['192.0.2.1'] },
    });
    for (const headers of claims) assert.equal(await ask(headers), 'access_denied');
  });

  it('changes nothing at the door for the Internet, which serves the same pages', async () => {
    const internetPort = await chooseFreePort();
    signOn = await startSignOn({ config: { internetPort } });
    for (const headers of claims) assert.equal(await ask(headers, internetPort), 'access_denied');
    assert.equal(await ask({}), 'login_required', 'the other door is the province’s');
    const health = await fetch(`http://127.0.0.1:${internetPort}/healthz`);
    assert.equal(health.status, 200);
    await signOn.stop();
    stopped = true;
    await assert.rejects(fetch(`http://127.0.0.1:${internetPort}/healthz`));
  });

  it('counts as far as a trusted proxy says it, and no header but that one', async () => {
    signOn = await startSignOn();
    assert.equal(await ask({ 'x-forwarded-for': wan }), 'login_required');
    assert.equal(await ask({ 'x-forwarded-for': internet }), 'access_denied');
    assert.equal(await ask({ 'x-forwarded-for': `${wan}, ${internet}` }), 'access_denied');
    assert.equal(
      await ask({ 'x-forwarded-for': internet, 'x-real-ip': wan, 'x-zone': 'wan' }),
      'access_denied',
    );
  });
});

describe('Coming from the Internet', () => {
  let signOn: SignOn;
  let marked: SteppingParty;
  let inner: SteppingParty;
  let person: Person;
  let secret: string;
  let headers: Record<string, string>;
  let browse: Browse;
  before(async () => {
    signOn = await startSignOn();
    marked = await steppingParty(signOn, 'portal', { refresh: true, app: { signOn: { internet: true } } });
    inner = await steppingParty(signOn, 'document-system', { refresh: true });
  });
  after(() => signOn.stop());
  const goTo = (zone: string): void => {
    headers['x-forwarded-for'] = zone;
  };
  const mayComeFromInternet = (may: boolean) =>
    signOn.hub.call('sso.set-roles', { staffId: person.id, roles: may ? ['internet'] : [], actor: 'test' });
  beforeEach(async () => {
    headers = { 'x-forwarded-for': wan };
    person = await signOn.hire();
    await mayComeFromInternet(true);
    ({ secret } = await setUpTotp(signOn, createBrowse([], headers), person));
    browse = createBrowse(['http://app.test/'], headers);
  });
  const signIn = async (party: SteppingParty, more = {}) =>
    withPassword(browse, await browse.open(await party.begin(more)), person);

  it('a session without a second factor that moves there is asked for one, everywhere', async () => {
    assert.ok((await signIn(marked)).url.startsWith(callback));
    goTo(internet);
    assert.equal(
      errorOf((await browse.open(await marked.begin({ prompt: 'none' }))).url),
      'interaction_required',
    );
    const ownPage = await browse.open(`${signOn.origin}/sso/my/factors`);
    assert.ok(ownPage.text.includes('one-time-code'), 'our own pages too');
    const asked = await browse.open(await marked.begin());
    assert.ok(asked.text.includes('one-time-code'));
    const claims = await marked.claims(await browse.submit(asked, { code: codeOf(secret) }));
    assert.deepEqual(claims.amr, ['pwd', 'otp']);
    assert.match((await browse.open(`${signOn.origin}/`)).text, /Nguyễn Văn An/);
  });

  it('our own pages are guarded however their address is written', async () => {
    await signIn(marked);
    goTo(internet);
    for (const path of ['/sso/MY/factors', '/sso/My', '/sso//', '/sso/my/factors/', '/sso']) {
      const { text } = await browse.open(signOn.origin + path);
      assert.ok(text.includes('one-time-code'), path);
    }
  });

  it('a session that comes back home before it is asked is no fresh sign-in, and chooses no new password', async () => {
    await signIn(marked);
    await sql`update oidc_record set payload = payload || jsonb_build_object('loginTs', (payload->>'loginTs')::int - 301)
              where model = 'Session' and account_id = ${person.id}`.execute(signOn.hub.db);
    await sql`update password set changed_at = now() - interval '61 days' where staff_id = ${person.id}`.execute(
      signOn.hub.db,
    );
    goTo(internet);
    const asked = await browse.open(await marked.begin());
    goTo(wan);
    const { amr, auth_time: provenAt } = await marked.claims(await browse.open(asked.url));
    assert.deepEqual(amr, ['pwd']);
    assert.ok((provenAt as number) < Date.now() / 1000 - 300);
  });

  it('an app that is not marked is refused before the password, with a page and without a loop', async () => {
    goTo(internet);
    assert.equal(errorOf((await browse.open(await inner.begin({ prompt: 'none' }))).url), 'access_denied');
    const page = await browse.open(await inner.begin());
    assert.equal(page.status, 403);
    assert.match(page.text, /chỉ mở được trong mạng của tỉnh/);
    assert.match(page.text, /<code>[0-9a-f-]{36}<\/code>/);
    assert.equal(errorOf((await browse.submit(page, {})).url), 'access_denied');
    const { rows } = await sql`
      select 1 from audit where action = 'access.refused' and actor not like 'staff/%'`.execute(
      signOn.hub.db,
    );
    assert.deepEqual(rows, [], 'strangers, who may ask as often as they like, write no trail');
  });

  it('a person without the right is refused after the password, and nobody is signed in', async () => {
    await mayComeFromInternet(false);
    goTo(internet);
    const page = await signIn(marked);
    assert.equal(page.status, 403);
    assert.match(page.text, /chưa được phép đăng nhập từ Internet/);
    for (let times = 0; times < 3; times += 1) await browse.open(page.url);
    assert.equal(errorOf((await browse.submit(page, {})).url), 'access_denied');
    goTo(wan);
    assert.equal(errorOf((await browse.open(await marked.begin({ prompt: 'none' }))).url), 'login_required');
    const noted = (await trailOf(signOn, person)).filter(({ action }) => action === 'access.refused');
    assert.deepEqual(
      noted.map(({ detail }) => detail),
      [{ reason: 'no-internet-right', zone: 'internet', at: 'sign-in' }],
      'however often they look at the page',
    );
  });

  it('a right that is taken away closes a running session, our own pages included', async () => {
    goTo(internet);
    assert.ok((await browse.submit(await signIn(marked), { code: codeOf(secret) })).url.startsWith(callback));
    await mayComeFromInternet(false);
    assert.equal(errorOf((await browse.open(await marked.begin({ prompt: 'none' }))).url), 'access_denied');
    const page = await browse.open(`${signOn.origin}/`);
    assert.equal(page.status, 403);
    const end = await browse.submit(page, {});
    assert.ok(end.url.includes('/sso/my/callback'), 'told once more, and no way round');
  });

  it('a refresh token opens nothing there that a sign-in would not, and is still good at home', async () => {
    // OpenID Connect Core §11: with `prompt=consent` alone.
    const offline = { scope: 'openid offline_access', prompt: 'consent' };
    const yes = (page: Visit) => browse.submit(page, { answer: 'yes' });
    const { refresh_token: ofInner } = await inner.tokens(await yes(await signIn(inner, offline)));
    const { refresh_token: weak } = await marked.tokens(
      await yes(await browse.open(await marked.begin(offline))),
    );
    const refused = async (party: SteppingParty, token: string | undefined) => {
      const { status, body } = await party.refresh(token!, internet);
      assert.deepEqual([status, body.error], [400, 'invalid_grant']);
    };
    await refused(inner, ofInner);
    await refused(marked, weak);
    assert.deepEqual((await inner.refresh(ofInner!, wan)).status, 200);
    goTo(internet);
    await waitForNextCode(signOn, person);
    const asked = await browse.open(await marked.begin(offline));
    const { refresh_token: strong } = await marked.tokens(
      await yes(await browse.submit(asked, { code: codeOf(secret) })),
    );
    const renewed = await marked.refresh(strong!, internet);
    assert.equal(renewed.status, 200);
    await mayComeFromInternet(false);
    await refused(marked, renewed.body.refresh_token as string);
    const reasons = (await trailOf(signOn, person))
      .filter(({ detail }) => detail.at === 'token')
      .map(({ detail }) => detail.reason);
    assert.deepEqual(reasons, ['app-not-on-internet', 'second-factor', 'no-internet-right']);
  });

  it('a device there gets nothing that its person has allowed at home', async () => {
    const { clientId } = await signOn.client(
      'kiosk',
      { redirectUris: [callback], public: true, device: true },
      { app: { signOn: {} } },
    );
    const post = async (path: string, fields: Record<string, string>, from: string) => {
      const answer = await fetch(`${signOn.origin}/sso${path}`, {
        method: 'POST',
        headers: { 'x-forwarded-for': from },
        body: new URLSearchParams({ client_id: clientId, ...fields }),
      });
      return (await answer.json()) as Record<string, string>;
    };
    const deviceAt = async (from: string) => {
      const begun = await post('/device/auth', { scope: 'openid' }, from);
      const page = await browse.submit(await browse.open(begun.verification_uri_complete!), {});
      const asked = await browse.submit(page, { confirm: 'yes' });
      if (asked.text.includes('name="password"')) await withPassword(browse, asked, person);
      const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
      return post('/token', { grant_type, device_code: begun.device_code! }, from);
    };
    assert.equal((await deviceAt(internet)).error, 'invalid_grant');
    assert.ok((await deviceAt(wan)).access_token);
  });
});
