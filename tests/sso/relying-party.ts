import * as oidc from 'openid-client';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';

/** Where the apps of the specs are; nobody listens there. */
export const appOrigin = 'http://app.test';
export const callback = `${appOrigin}/callback`;

export interface RelyingParty {
  config: oidc.Configuration;
  clientId: string;
  clientSecret: string;
  /** An address to begin at, and what is needed at its end. */
  begin(more?: Record<string, string>): Promise<{ url: string; verifier: string }>;
  /** Tokens for the code that came to the callback. */
  redeem(came: Visit, verifier: string): ReturnType<typeof oidc.authorizationCodeGrant>;
}

/** An app with a client that this project did not write, from the discovery document alone. */
export const relyingParty = async (
  signOn: SignOn,
  appId: string,
  given: Partial<Parameters<SignOn['client']>[1]> = {},
  options: Parameters<SignOn['client']>[2] = {},
): Promise<RelyingParty> => {
  const { clientId, clientSecret } = await signOn.client(
    appId,
    { redirectUris: [callback], ...given },
    options,
  );
  const config = await oidc.discovery(
    new URL(`${signOn.origin}/sso`),
    clientId,
    undefined,
    given.public ? oidc.None() : oidc.ClientSecretPost(clientSecret),
    { execute: [oidc.allowInsecureRequests] },
  );
  return {
    config,
    clientId,
    clientSecret,
    async begin(more = {}) {
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
    },
    redeem: (came, verifier) =>
      oidc.authorizationCodeGrant(config, new URL(came.url), {
        pkceCodeVerifier: verifier,
        expectedState: 'state',
      }),
  };
};

/** A browser that stops at the apps' door. */
export const newBrowser = (headers: Record<string, string> = {}): Browse =>
  createBrowse([`${appOrigin}/`], headers);

/** Goes to an address and signs in there with name and password. */
export const signIn = async (browse: Browse, url: string, person: Person): Promise<Visit> =>
  browse.submit(await browse.open(url), { username: person.username, password: person.password });
