import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import type { Scope } from '#schemas/app.ts';
import type { ProviderKeys } from '#sso/keys/provider-keys.ts';

/** Programs of the hub itself that use its API: the app whose entitlement holds for them, and what they may. */
const own: Record<'flows', { clientId: string; appId: string; scopes: Scope[] }> = {
  flows: {
    clientId: 'lienthong-flows',
    appId: 'flows',
    scopes: ['hr.read', 'events.read', 'signing.request', 'signing.verify', 'documents.exchange'],
  },
};

/** An access token (RFC 9068) for a minute. No secret is kept for it: only the hub's own parts can ask. */
export const issueOwnToken = async (
  keys: ProviderKeys,
  origin: string,
  client: 'flows',
): Promise<{ token: string }> => {
  const { clientId, appId, scopes } = own[client];
  const { jwks } = await keys.inUse();
  const jwk = jwks.find(({ alg }) => alg === 'ES256')!;
  const token = await new SignJWT({ client_id: clientId, app: appId, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid! })
    .setIssuer(`${origin}/sso`)
    .setAudience(origin)
    .setSubject(clientId)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(await importJWK(jwk, 'ES256'));
  return { token };
};
