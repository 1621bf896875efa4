import type { KoaContextWithOIDC } from 'oidc-provider';
import { registerOf } from '#sso/provider/find-account.ts';

type Grant = InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>;

const coverRequest = (ctx: KoaContextWithOIDC, grant: Grant): boolean => {
  const before = JSON.stringify([grant.openid, grant.resources]);
  for (const scope of ctx.oidc.requestParamOIDCScopes) grant.addOIDCScope(scope);
  grant.addOIDCClaims([...ctx.oidc.requestParamClaims]);
  for (const [resource, server] of Object.entries(ctx.oidc.resourceServers ?? {})) {
    const allowed = new Set(server.scope?.split(' '));
    for (const scope of ctx.oidc.requestParamScopes)
      if (allowed.has(scope)) grant.addResourceScope(resource, scope);
  }
  return JSON.stringify([grant.openid, grant.resources]) !== before;
};

/**
 * Consent is the province's for its own apps: what they ask for within their registration is granted without a page.
 * Only a third party's client waits for the person (`consent` in the sign-in pages).
 */
export const loadGrant = async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
  const { client, session, provider, result } = ctx.oidc;
  const accountId = session?.accountId;
  if (client === undefined || session === undefined || accountId === undefined) return undefined;
  const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (registerOf(client)?.signOn?.thirdParty) return existing;
  const own = existing !== undefined && existing.accountId === accountId;
  const grant = own ? existing : new provider.Grant({ accountId, clientId: client.clientId });
  if (coverRequest(ctx, grant) || !own) await grant.save();
  return grant;
};
