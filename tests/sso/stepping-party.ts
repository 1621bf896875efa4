import * as oidc from 'openid-client';
import { acr } from '#sso/provider/acr.ts';
import type { Visit } from '#tests/sso/browse.ts';
import { callback, createRelyingParty } from '#tests/sso/relying-party.ts';
import type { SignOn } from '#tests/sso/start-sign-on.ts';

export const secondFactor = acr.secondFactor;

/** A relying party whose sign-ins go through several pages: what one began another may finish. */
export interface SteppingParty {
  /** Where it sends a browser; `claims` and the like as the protocol has them. */
  begin(more?: Record<string, string>): Promise<string>;
  /** What the ID token says to whom a browser brought back. */
  claims(came: Visit): Promise<Record<string, unknown>>;
  tokens(came: Visit): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers>;
  /** Refreshes as a client at this network address. */
  refresh(token: string, from: string): Promise<{ status: number; body: Record<string, unknown> }>;
}

export const steppingParty = async (
  signOn: SignOn,
  appId: string,
  { app, redirectUri = callback, ...client }: { app?: object; refresh?: boolean; redirectUri?: string } = {},
): Promise<SteppingParty> => {
  const party = await createRelyingParty(
    signOn,
    appId,
    { redirectUris: [redirectUri], ...client },
    { app: { signOn: {}, ...app } },
  );
  const verifier = oidc.randomPKCECodeVerifier();
  const challenge = await oidc.calculatePKCECodeChallenge(verifier);
  const tokens = (came: Visit) => party.finish(came, verifier);
  return {
    async begin(asked = {}) {
      const more = { scope: 'openid', redirect_uri: redirectUri, code_challenge: challenge, ...asked };
      return (await party.begin(more)).url;
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
          client_id: party.clientId,
          client_secret: party.clientSecret,
        }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
  };
};
