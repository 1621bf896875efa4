import * as oidc from 'openid-client';
import type { ClientSignOn } from '#schemas/sign-on.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';

export const callback = 'http://app.test/callback';

/** An app that people open by OpenID. */
export interface OpenedByOpenId {
  clientId: string;
  config: oidc.Configuration;
  /** Where a sign-in begins, and the secret that its code needs. */
  begin(more?: Record<string, string>): Promise<{ url: string; verifier: string }>;
  /** Opens it in a browser, signing in when asked; the address to which it was sent back, or the page it got stuck at. */
  open(browse: Browse, person: Person): Promise<Visit>;
  /** The same, and the tokens. */
  enter(browse: Browse, person: Person): ReturnType<typeof oidc.authorizationCodeGrant>;
}

export const newBrowser = (): Browse =>
  createBrowse(['http://app.test/'], {
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  });

/** Registers an app with an OpenID client. */
export const registerApp = async (
  signOn: SignOn,
  appId: string,
  more: Partial<ClientSignOn> = {},
): Promise<OpenedByOpenId> => {
  const { clientId, clientSecret } = await signOn.client(appId, { redirectUris: [callback], ...more });
  const config = await oidc.discovery(
    new URL(`${signOn.origin}/sso`),
    clientId,
    undefined,
    oidc.ClientSecretPost(clientSecret),
    { execute: [oidc.allowInsecureRequests] },
  );
  const begin: OpenedByOpenId['begin'] = async (params = {}) => {
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      // The standard gives refresh tokens for consent alone (OpenID Connect Core 1.0 §11).
      ...(more.refresh ? { scope: 'openid offline_access', prompt: 'consent' } : { scope: 'openid' }),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...params,
    });
    return { url: url.href, verifier };
  };
  const go = async (browse: Browse, { username, password }: Person, url: string): Promise<Visit> => {
    let page = await browse.open(url);
    if (page.text.includes('name="password"')) page = await browse.submit(page, { username, password });
    return page.text.includes('name="answer"') ? browse.submit(page, { answer: 'yes' }) : page;
  };
  return {
    clientId,
    config,
    begin,
    open: async (browse, person) => go(browse, person, (await begin()).url),
    async enter(browse, person) {
      const { url, verifier } = await begin();
      const came = await go(browse, person, url);
      return oidc.authorizationCodeGrant(config, new URL(came.url), { pkceCodeVerifier: verifier });
    },
  };
};
