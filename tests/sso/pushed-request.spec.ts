import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { createBrowse } from '#tests/sso/browse.ts';
import { callback, createRelyingParty, giveName, type RelyingParty } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A pushed authorization request (RFC 9126)', () => {
  let signOn: SignOn;
  let person: Person;
  let app: RelyingParty;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await createRelyingParty(signOn, 'portal');
  });
  after(() => signOn.stop());

  const push = async () => {
    const verifier = oidc.randomPKCECodeVerifier();
    const url = await oidc.buildAuthorizationUrlWithPAR(app.config, {
      redirect_uri: callback,
      scope: 'openid profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'state',
    });
    return { url: url.href, verifier };
  };

  it('signs people in without a parameter in the address', async () => {
    const { url, verifier } = await push();
    assert.deepEqual([...new URL(url).searchParams.keys()].sort(), ['client_id', 'request_uri']);
    const browse = createBrowse(['http://app.test/']);
    const came = await giveName(browse, await browse.open(url), person);
    assert.equal((await app.finish(came, verifier)).claims()!.sub, person.id);
  });

  it('is good once', async () => {
    const { url } = await push();
    const browse = createBrowse(['http://app.test/']);
    await giveName(browse, await browse.open(url), person);
    const again = await createBrowse(['http://app.test/']).open(url);
    assert.equal(new URL(again.url).searchParams.get('error'), 'invalid_request_uri');
  });

  it('is refused with an address that was not registered', async () => {
    await assert.rejects(
      oidc.buildAuthorizationUrlWithPAR(app.config, {
        redirect_uri: 'http://elsewhere.test/',
        scope: 'openid',
      }),
      { error: 'invalid_request' },
    );
  });
});
