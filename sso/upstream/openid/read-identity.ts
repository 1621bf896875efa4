import * as oidc from 'openid-client';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import type { OpenIdSource } from '#sso/upstream/source.ts';

type Claims = Record<string, unknown>;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/**
 * Who the ID token speaks of. What it does not tell is asked of userinfo, about the same subject.
 *
 * @throws when userinfo does not answer, or speaks of somebody else
 */
export const readIdentity = async (
  party: oidc.Configuration,
  { settings }: OpenIdSource,
  tokens: { access_token: string; claims(): oidc.IDToken | undefined },
): Promise<UpstreamIdentity & { amr: string[] }> => {
  const token = tokens.claims();
  if (token === undefined) throw new TypeError('no ID token');
  const toldHere = token[settings.keyClaim] !== undefined;
  const about: Claims =
    toldHere || party.serverMetadata().userinfo_endpoint === undefined
      ? token
      : { ...(await oidc.fetchUserInfo(party, tokens.access_token, token.sub)), ...token };
  return {
    issuer: token.iss,
    subject: token.sub,
    username: textOf(about.preferred_username) ?? token.sub,
    key: textOf(about[settings.keyClaim]),
    amr: Array.isArray(token.amr) ? token.amr.filter(method => typeof method === 'string') : [],
  };
};
