import * as oidc from 'openid-client';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import type { Going } from '#sso/upstream/openid/going.ts';
import { readIdentity } from '#sso/upstream/openid/read-identity.ts';
import type { RelyingParties } from '#sso/upstream/openid/relying-party.ts';
import type { OpenIdSource } from '#sso/upstream/source.ts';

/** How old a proof may be that was asked for anew, in seconds. */
const freshSeconds = 300;

/**
 * Turns the answer of an older sign-on into an account there: state, issuer (RFC 9207 where it is told), PKCE, nonce,
 * signature, audience and times of the ID token are checked.
 *
 * @throws what `openid-client` throws when any of that is wrong
 */
export const takeAnswer = async (
  parties: RelyingParties,
  source: OpenIdSource,
  going: Going,
  url: URL,
): Promise<UpstreamIdentity & { amr: string[] }> => {
  const party = await parties.of(source);
  const tokens = await oidc.authorizationCodeGrant(party, url, {
    expectedState: going.state,
    expectedNonce: going.nonce,
    pkceCodeVerifier: going.verifier,
    idTokenExpected: true,
    ...(going.anew ? { maxAge: freshSeconds } : {}),
  });
  return readIdentity(party, source, tokens);
};

/** Where the browser is sent. */
export const addressOf = async (
  parties: RelyingParties,
  source: OpenIdSource,
  going: Going,
  redirectUri: string,
): Promise<URL> =>
  oidc.buildAuthorizationUrl(await parties.of(source), {
    redirect_uri: redirectUri,
    scope: source.settings.scope ?? 'openid profile',
    state: going.state,
    nonce: going.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(going.verifier),
    code_challenge_method: 'S256',
    ...(going.anew ? { prompt: 'login', max_age: String(freshSeconds) } : {}),
  });
