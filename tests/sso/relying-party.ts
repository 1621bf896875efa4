import * as oidc from 'openid-client';
import type { ClientSignOn } from '#schemas/sign-on.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';

/** Where the specs' apps are taken back to; nobody listens there. */
export const appOrigin = 'http://app.test';
export const callback = `${appOrigin}/callback`;

/** A browser that stops at the apps' door. */
export const newBrowser = (headers: Record<string, string> = {}): Browse =>
  createBrowse([`${appOrigin}/`], headers);

/** An app that signs people in, by a library that this project did not write, from the discovery document alone. */
export interface RelyingParty {
  config: oidc.Configuration;
  clientId: string;
  clientSecret: string;
  /** The address to which it sends a browser, and what it keeps until the browser is back. */
  begin(more?: Record<string, string>): Promise<{ url: string; verifier: string }>;
  /** The tokens for the code that a browser came back with. */
  finish(
    came: Visit,
    verifier: string,
    more?: Record<string, string>,
    options?: oidc.DPoPOptions,
  ): ReturnType<typeof oidc.authorizationCodeGrant>;
  /** Signs a person in with a browser that nobody has used, and gives the tokens. */
  signIn(
    browse: Browse,
    person: Person,
    more?: Record<string, string>,
    options?: oidc.DPoPOptions,
  ): ReturnType<typeof oidc.authorizationCodeGrant>;
}

/** Fills in the page that asks for name and password. */
export const giveName = (browse: Browse, page: Visit, { username, password }: Person): Promise<Visit> =>
  browse.submit(page, { username, password });

export const createRelyingParty = async (
  signOn: SignOn,
  appId: string,
  client: Partial<ClientSignOn> = {},
  options: Parameters<SignOn['client']>[2] = {},
): Promise<RelyingParty> => {
  const { clientId, clientSecret } = await signOn.client(
    appId,
    { redirectUris: [callback], ...client },
    options,
  );
  const config = await oidc.discovery(
    new URL(`${signOn.origin}/sso`),
    clientId,
    undefined,
    client.public ? oidc.None() : oidc.ClientSecretPost(clientSecret),
    { execute: [oidc.allowInsecureRequests] },
  );
  const begin: RelyingParty['begin'] = async (more = {}) => {
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid profile staff',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'state',
      ...more,
    });
    return { url: url.href, verifier };
  };
  const finish: RelyingParty['finish'] = (came, verifier, more, given) =>
    oidc.authorizationCodeGrant(
      config,
      new URL(came.url),
      { pkceCodeVerifier: verifier, expectedState: 'state' },
      more,
      given,
    );
  return {
    config,
    clientId,
    clientSecret,
    begin,
    finish,
    async signIn(browse, person, more = {}, given) {
      const { url, verifier } = await begin(more);
      const came = await giveName(browse, await browse.open(url), person);
      const { resource } = more;
      return finish(came, verifier, resource === undefined ? {} : { resource }, given);
    },
  };
};
