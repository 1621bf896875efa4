import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import type { Browse, Visit } from '#tests/sso/browse.ts';
import { createRelyingParty, giveName, newBrowser } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

const enter = async (browse: Browse, url: string, who: Person): Promise<Visit> =>
  giveName(browse, await browse.open(url), who);

describe('Signing in to an app by OpenID Connect', () => {
  let signOn: SignOn;
  let person: Person;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
  });
  after(() => signOn.stop());

  it('asks for name and password once, and tells each app who it is', async () => {
    const portal = await createRelyingParty(signOn, 'portal');
    const { url, verifier } = await portal.begin();
    const browse = newBrowser();
    const tokens = await portal.finish(await enter(browse, url, person), verifier);
    const claims = tokens.claims()!;
    assert.equal(claims.sub, person.id);
    assert.deepEqual(claims.amr, ['pwd']);
    const about = await oidc.fetchUserInfo(portal.config, tokens.access_token, person.id);
    assert.equal(about.name, person.name);
    assert.equal(about.staff_code, person.code);

    const mail = await createRelyingParty(signOn, 'mail');
    const again = await mail.begin();
    const theirs = await mail.finish(await browse.open(again.url), again.verifier);
    assert.equal(theirs.claims()!.sub, person.id);
  });

  it('tells an app only what its entitlement names', async () => {
    const bare = await createRelyingParty(
      signOn,
      'bare',
      {},
      { app: { entitlement: { purpose: 'test', attributes: ['username'] } } },
    );
    const { url, verifier } = await bare.begin({ scope: 'openid profile email staff' });
    const tokens = await bare.finish(await enter(newBrowser(), url, person), verifier);
    const about = await oidc.fetchUserInfo(bare.config, tokens.access_token, person.id);
    assert.deepEqual(
      Object.keys(about)
        .filter(key => !['acr', 'amr', 'auth_time'].includes(key))
        .sort(),
      ['preferred_username', 'sub'],
    );
  });

  it('signs nobody in with a wrong password, an unknown name, or after they left', async () => {
    const portal = await createRelyingParty(signOn, 'portal-2');
    const leaver = await signOn.hire('Trần Thị Bình');
    await signOn.setStatus(leaver, 'left');
    for (const who of [
      { ...person, password: 'sai' },
      { ...person, username: 'khongcoai' },
      { ...person, username: "a' or 1=1 --" },
      leaver,
    ]) {
      const { url } = await portal.begin();
      const page = await enter(newBrowser(), url, who);
      assert.equal(page.status, 422, who.username);
      assert.match(page.text, /role="alert"/);
    }
  });

  it('refuses an app that is switched off, from the next request on', async () => {
    const portal = await createRelyingParty(signOn, 'closing');
    const { url } = await portal.begin();
    await signOn.hub.call('apps.put', { app: { id: 'closing', enabled: false }, actor: 'test' });
    const page = await newBrowser().open(url);
    assert.equal(page.status, 400);
    assert.match(page.text, /chưa được đăng ký/);
  });
});
