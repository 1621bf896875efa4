import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('Signing in to an app by OpenID Connect', () => {
  let signOn: SignOn;
  let person: Person;
  const callback = 'http://app.test/callback';
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
  });
  after(() => signOn.stop());

  /** A relying party that this project did not write, from the discovery document alone. */
  const relyingParty = async (
    appId: string,
    signOnOf: Parameters<SignOn['client']>[1] = { redirectUris: [callback] },
  ) => {
    const { clientId, clientSecret } = await signOn.client(appId, signOnOf);
    return oidc.discovery(
      new URL(`${signOn.origin}/sso`),
      clientId,
      undefined,
      oidc.ClientSecretPost(clientSecret),
      { execute: [oidc.allowInsecureRequests] },
    );
  };
  const begin = async (config: oidc.Configuration, more: Record<string, string> = {}) => {
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid profile staff',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'state',
      ...more,
    });
    return { verifier, url: url.href };
  };
  const signIn = async (browse: Browse, url: string): Promise<Visit> =>
    browse.submit(await browse.open(url), { username: person.username, password: person.password });
  const browser = () => createBrowse(['http://app.test/']);

  it('asks for name and password once, and tells the app who it is', async () => {
    const config = await relyingParty('portal');
    const { url, verifier } = await begin(config);
    const browse = browser();
    const came = await signIn(browse, url);
    const tokens = await oidc.authorizationCodeGrant(config, new URL(came.url), {
      pkceCodeVerifier: verifier,
      expectedState: 'state',
    });
    const claims = tokens.claims()!;
    assert.equal(claims.sub, person.id);
    assert.deepEqual(claims.amr, ['pwd']);
    const about = await oidc.fetchUserInfo(config, tokens.access_token, person.id);
    assert.equal(about.name, person.name);
    assert.equal(about.staff_code, person.code);

    const second = await relyingParty('mail');
    const again = await begin(second);
    const there = await browse.open(again.url);
    assert.ok(there.url.startsWith(callback), 'no second password');
    const theirs = await oidc.authorizationCodeGrant(second, new URL(there.url), {
      pkceCodeVerifier: again.verifier,
      expectedState: 'state',
    });
    assert.equal(theirs.claims()!.sub, person.id);
  });
});
