import * as oidc from 'openid-client';
import { acr } from '#sso/provider/acr.ts';
import type { Visit } from '#tests/sso/browse.ts';
import type { SignOn } from '#tests/sso/start-sign-on.ts';

export const callback = 'http://app.test/callback';
export const secondFactor = acr.secondFactor;

/** An app that signs people in, by a library that this project did not write. */
export interface RelyingParty {
  /** Where it sends a browser; `claims` and the like as the protocol has them. */
  begin(more?: Record<string, string>): Promise<string>;
  /** What the ID token says to whom a browser brought back. */
  claims(came: Visit): Promise<Record<string, unknown>>;
  tokens(came: Visit): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers>;
  /** Refreshes as a client at this network address. */
  refresh(token: string, from: string): Promise<{ status: number; body: Record<string, unknown> }>;
}

export const relyingParty = async (
  signOn: SignOn,
  appId: string,
  { app, redirectUri = callback, ...more }: { app?: object; refresh?: boolean; redirectUri?: string } = {},
): Promise<RelyingParty> => {
  const { clientId, clientSecret } = await signOn.client(
    appId,
    { redirectUris: [redirectUri], ...more },
    { app: { signOn: {}, ...app } },
  );
  const config = await oidc.discovery(
    new URL(`${signOn.origin}/sso`),
    clientId,
    undefined,
    oidc.ClientSecretPost(clientSecret),
    { execute: [oidc.allowInsecureRequests] },
  );
  const verifier = oidc.randomPKCECodeVerifier();
  const tokens = (came: Visit) =>
    oidc.authorizationCodeGrant(config, new URL(came.url), {
      pkceCodeVerifier: verifier,
      expectedState: 'state',
    });
  return {
    async begin(asked = {}) {
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: 'state',
        ...asked,
      });
      return url.href;
    },
    tokens,
    claims: async came => (await tokens(came)).claims()!,
    async refresh(token, from) {
      const answer = await fetch(`${signOn.origin}/sso/token`, {
        method: 'POST',
        headers: { 'x-forwarded-for': from },
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: token,
          client_id: clientId,
          client_secret: clientSecret,
        }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
  };
};
