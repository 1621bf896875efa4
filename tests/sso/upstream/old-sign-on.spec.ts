import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import type { Cookie } from 'tough-cookie';
import type { UnlinkedAccount, UpstreamCheck, UpstreamSource } from '#schemas/upstream.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { callSignOn, type SignOnApi } from '#tests/sso/upstream/sign-on-api.ts';
import { type OldSignOn, startOldSignOn } from '#tests/sso/upstream/start-old-sign-on.ts';
import { startRogue } from '#tests/sso/upstream/start-rogue.ts';

describe('Signing in by the older sign-on', () => {
  let old: OldSignOn;
  let signOn: SignOn;
  let api: SignOnApi;
  let party: oidc.Configuration;
  let authorise: string;
  const app = 'http://app.test/callback';
  const verifier = 'v'.repeat(43);
  const callback = (id: string): string => `${signOn.origin}/sso/upstream/${id}/callback`;
  const configure = (id: string, more: object = {}) =>
    api.put<UpstreamSource>(`sources/${id}`, {
      name: 'hệ thống cũ',
      key: 'code',
      enabled: true,
      openid: { issuer: old.issuer, ...old.client, keyClaim: 'staff_code', ...more },
    });

  before(async () => {
    signOn = await startSignOn();
    api = await callSignOn(signOn);
    old = await startOldSignOn([callback('cu'), callback('lai')]);
    await configure('cu');
    const { clientId, clientSecret } = await signOn.client('portal', { redirectUris: [app] });
    party = await oidc.discovery(
      new URL(`${signOn.origin}/sso`),
      clientId,
      undefined,
      oidc.ClientSecretPost(clientSecret),
      { execute: [oidc.allowInsecureRequests] },
    );
    authorise = oidc.buildAuthorizationUrl(party, {
      redirect_uri: app,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).href;
  });
  after(async () => {
    await signOn?.stop();
    await old?.stop();
  });

  /** `leaves` may be changed on the way: where the browser stops and the spec goes on. */
  const browser = (leaves: string[] = []): Browse => createBrowse(leaves);
  const buttonOf = (page: Visit, id = 'cu'): string => {
    const path = new RegExp(`href="(/sso/interaction/[^"]+/upstream/${id})"`).exec(page.text)?.[1];
    assert.ok(path, page.text);
    return signOn.origin + path;
  };
  const start = async (browse: Browse, id?: string): Promise<Visit> =>
    browse.open(buttonOf(await browse.open(authorise), id));
  const signIn = (sub: string | undefined, leaves = [app]): Promise<Visit> => {
    old.comes(sub);
    return start(browser(leaves));
  };
  const claimsOf = async (page: Visit): Promise<oidc.IDToken> =>
    (await oidc.authorizationCodeGrant(party, new URL(page.url), { pkceCodeVerifier: verifier })).claims()!;
  const assertRefused = (page: Visit, status: number, words: RegExp): void => {
    assert.equal(page.status, status, page.text);
    assert.match(page.text, words);
  };
  const knownThere = async (sub: string, more: object = {}): Promise<Person> => {
    const person = await signOn.hire('Hoàng Thị Cũ', { password: null });
    old.accounts.set(sub, { sub, staff_code: person.code, ...more });
    return person;
  };
  const reported = async (sub: string): Promise<UnlinkedAccount | undefined> =>
    (await api.get<{ items: UnlinkedAccount[] }>('unlinked?source=cu')).items.find(
      one => one.subject === sub,
    );

  it('is checked by its discovery document', async () => {
    assert.deepEqual(await api.post<UpstreamCheck>('sources/cu/check'), { ok: true });
    assert.equal((await api.get<UpstreamSource>('sources/cu')).openid?.clientSecret, '…');
  });

  it('links a person by the staff code once, and by the number there ever after', async () => {
    const person = await knownThere('so-1');
    const claims = await claimsOf(await signIn('so-1'));
    assert.equal(claims.sub, person.id);
    assert.deepEqual(claims.amr, ['fed']);
    old.accounts.get('so-1')!.staff_code = 'ma-khac';
    assert.equal((await claimsOf(await signIn('so-1'))).sub, person.id);
  });

  it('passes on a second factor that was proven there', async () => {
    await knownThere('so-2', { amr: ['pwd', 'otp'] });
    const claims = await claimsOf(await signIn('so-2'));
    assert.deepEqual(claims.amr, ['fed', 'otp']);
    assert.equal(claims.acr, 'urn:lienthong:acr:second-factor');
  });

  it('links nobody by mail address', async () => {
    const person = await signOn.hire('Bùi Văn Thư');
    const email = `${person.username}@tinh.gov.vn`;
    await signOn.hub.call('staff.confirm-email', {
      addresses: [{ staffId: person.id, email }],
      source: 'test',
    });
    old.accounts.set('ke-gian', { sub: 'ke-gian', staff_code: 'KHONG-CO', email });
    assertRefused(await signIn('ke-gian'), 403, /Không có hồ sơ cán bộ nào khớp/);
    old.accounts.set('khong-ma', { sub: 'khong-ma', email });
    assertRefused(await signIn('khong-ma'), 403, /thiếu mã/);
    assert.equal((await reported('ke-gian'))?.reason, 'no-staff');
    assert.equal((await reported('khong-ma'))?.reason, 'no-key');
  });

  it('reports a second account with the same key, and refuses it', async () => {
    const person = await knownThere('so-3');
    await claimsOf(await signIn('so-3'));
    old.accounts.set('so-3-moi', { sub: 'so-3-moi', staff_code: person.code });
    assertRefused(await signIn('so-3-moi'), 403, /đã nối với một tài khoản khác/);
    const found = await reported('so-3-moi');
    assert.equal(found?.reason, 'linked-to-another');
    assert.equal(found.staffId, person.id);
  });

  it('refuses whoever has left', async () => {
    const [linked, never] = [await knownThere('so-4'), await knownThere('so-5')];
    await claimsOf(await signIn('so-4'));
    await signOn.setStatus(linked, 'left');
    await signOn.setStatus(never, 'left');
    for (const sub of ['so-4', 'so-5']) assertRefused(await signIn(sub), 403, /đã ngừng sử dụng/);
  });

  it('makes one link when two browsers come with an account for the first time', async () => {
    const person = await knownThere('so-6');
    const pages = await Promise.all([signIn('so-6'), signIn('so-6')]);
    for (const page of pages) assert.equal((await claimsOf(page)).sub, person.id);
    const { items } = await api.get<{ items: { action: string }[] }>(
      `/api/v1/audit?object=staff/${person.id}&action=upstream.linked`,
    );
    assert.equal(items.length, 1);
  });

  it('goes back to the sign-in page when somebody gives up there', async () => {
    const page = await signIn(undefined);
    assert.equal(page.status, 200);
    assert.match(page.text, /name="password"/);
  });

  it('hears an answer once, and only in the browser that asked', async () => {
    await knownThere('so-7');
    old.comes('so-7');
    const leaves = [callback('cu')];
    const browse = browser(leaves);
    const answer = await start(browse);
    assertRefused(await browser().open(answer.url), 400, /không còn hiệu lực/);
    leaves[0] = app;
    assert.ok((await browse.open(answer.url)).url.startsWith(app));
    assertRefused(await browse.open(answer.url), 400, /không còn hiệu lực/);
  });

  it('lets nobody go there to finish the sign-in of another browser', async () => {
    const url = buttonOf(await browser().open(authorise));
    assertRefused(await browser([old.issuer]).open(url), 400, /Hãy mở lại ứng dụng/);
  });

  it('refuses an answer whose state, issuer or nonce is of another one', async () => {
    await knownThere('so-8');
    old.comes('so-8');
    const answerTo = async (
      change: (asked: URL) => void,
    ): Promise<{ browse: Browse; answer: URL; cookies: Cookie[] }> => {
      const leaves = [old.issuer];
      const browse = browser(leaves);
      const asked = new URL((await start(browse)).url);
      change(asked);
      leaves[0] = callback('cu');
      const answer = new URL((await browse.open(asked.href)).url);
      leaves.length = 0;
      const kept = await browse.jar.getCookies(answer.href);
      return { browse, answer, cookies: kept.flatMap(cookie => cookie.clone() ?? []) };
    };
    const nonce = await answerTo(asked => asked.searchParams.set('nonce', 'of-another'));
    assertRefused(await nonce.browse.open(nonce.answer.href), 403, /không hợp lệ/);
    const issuer = await answerTo(() => {});
    issuer.answer.searchParams.set('iss', 'https://sso.khac.vn');
    assertRefused(await issuer.browse.open(issuer.answer.href), 403, /không hợp lệ/);
    // It was looked at once, even with the cookie back in its place.
    issuer.answer.searchParams.set('iss', old.issuer);
    for (const cookie of issuer.cookies) await issuer.browse.jar.setCookie(cookie, issuer.answer.href);
    assertRefused(await issuer.browse.open(issuer.answer.href), 400, /không còn hiệu lực/);
    const state = await answerTo(() => {});
    state.answer.searchParams.set('state', 'of-another');
    assertRefused(await state.browse.open(state.answer.href), 400, /không còn hiệu lực/);
    const challenge = await answerTo(asked => asked.searchParams.set('code_challenge', 'A'.repeat(43)));
    assertRefused(await challenge.browse.open(challenge.answer.href), 403, /không hợp lệ/);
    assert.equal(await reported('so-8'), undefined);
  });

  it('refuses an ID token that another issuer made', async () => {
    await knownThere('so-9');
    old.comes('so-9');
    const rogue = await startRogue(old.issuer);
    await configure('lai', { issuer: rogue.issuer });
    const leaves = [callback('lai')];
    const browse = browser(leaves);
    const answer = new URL((await start(browse, 'lai')).url);
    answer.searchParams.delete('iss');
    leaves.length = 0;
    assertRefused(await browse.open(answer.href), 403, /không hợp lệ/);
    await api.put('sources/lai', { enabled: false });
    await rogue.stop();
  });

  it('takes passwords over by the password grant, only where that is configured', async () => {
    const person = await knownThere('so-10', { password: 'Ở hệ thống cũ 1!' });
    const byPassword = async (username: string, password: string): Promise<Visit> => {
      const browse = browser([app]);
      return browse.submit(await browse.open(authorise), { username, password });
    };
    const passwordGrant = { tokenEndpoint: `${old.issuer}/token`, ...old.client };
    await configure('cu', { passwordGrant });
    assert.equal((await byPassword('so-10', 'Ở hệ thống cũ 1!')).status, 422, 'migratePasswords is off');
    await api.put('sources/cu', { migratePasswords: true });
    assert.equal((await byPassword('so-10', 'sai')).status, 422);
    assert.equal((await claimsOf(await byPassword('so-10', 'Ở hệ thống cũ 1!'))).sub, person.id);
    await configure('cu');
    const claims = await claimsOf(await byPassword(person.username, 'Ở hệ thống cũ 1!'));
    assert.deepEqual(claims.amr, ['pwd']);
  });

  it('says so when it does not answer', async () => {
    const page = await browser().open(authorise);
    assert.match(page.text, /Đăng nhập bằng hệ thống cũ/);
    await old.stop();
    await configure('cu', { scope: 'openid' });
    assertRefused(await start(browser()), 503, /không trả lời/);
    const check = await api.post<UpstreamCheck>('sources/cu/check');
    assert.equal(check.ok, false);
  });

  it('shows no button once it is switched off', async () => {
    await api.put('sources/cu', { enabled: false });
    assert.doesNotMatch((await browser().open(authorise)).text, /upstream/);
  });
});
