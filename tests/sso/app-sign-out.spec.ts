import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { createBrowse } from '#tests/sso/browse.ts';
import { createRelyingParty, type RelyingParty } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('Signing out at an app (OpenID Connect RP-Initiated Logout)', () => {
  let signOn: SignOn;
  let person: Person;
  let app: RelyingParty;
  const bye = 'http://app.test/bye';
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await createRelyingParty(signOn, 'portal', { postLogoutRedirectUris: [bye] });
  });
  after(() => signOn.stop());

  const signedIn = async () => {
    const browse = createBrowse(['http://app.test/']);
    const tokens = await app.signIn(browse, person);
    const isSignedIn = async () =>
      (await browse.open((await app.begin({ prompt: 'none' })).url)).url.includes('code=');
    const endUrl = (more: Record<string, string> = {}) =>
      oidc.buildEndSessionUrl(app.config, { id_token_hint: tokens.id_token!, ...more }).href;
    return { browse, isSignedIn, endUrl };
  };

  it('ends the session after a question, and takes people back to the app', async () => {
    const { browse, isSignedIn, endUrl } = await signedIn();
    assert.ok(await isSignedIn());
    const question = await browse.open(endUrl({ post_logout_redirect_uri: bye, state: 'there' }));
    const back = await browse.submit(question, { logout: 'yes' });
    assert.equal(back.url, `${bye}?state=there`);
    assert.ok(!(await isSignedIn()));
  });

  it('leaves the session to whoever only leaves the app', async () => {
    const { browse, isSignedIn, endUrl } = await signedIn();
    const page = await browse.submit(await browse.open(endUrl()), {});
    assert.equal(page.status, 200);
    assert.ok(await isSignedIn());
  });

  it('takes nobody to an address that was not registered', async () => {
    const { browse, isSignedIn, endUrl } = await signedIn();
    const page = await browse.open(endUrl({ post_logout_redirect_uri: 'http://elsewhere.test/' }));
    assert.equal(page.status, 400);
    assert.ok(await isSignedIn());
  });

  it('is nothing that another site can do to people', async () => {
    const { browse, isSignedIn } = await signedIn();
    const forged = await browse.open(`${signOn.origin}/sso/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ logout: 'yes', xsrf: 'guess' }),
    });
    assert.equal(forged.status, 400);
    assert.ok(await isSignedIn());
  });
});
