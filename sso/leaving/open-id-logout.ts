import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import type { Call } from '#hub/platform/calls.ts';
import type { ProviderKeys } from '#sso/keys/provider-keys.ts';
import { type LogoutSender, logoutTimeoutMs } from '#sso/leaving/logout-sender.ts';
import { postLogout } from '#sso/leaving/post-logout.ts';

/** The one member of `events` (OpenID Connect Back-Channel Logout 1.0 §2.4). */
const event = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * Tells OpenID clients: a logout token to the address of the registration. Without `sid` it means all sessions of the
 * person (§2.4). Made anew for each attempt: a token that an app has taken already it may refuse.
 */
export const createOpenIdLogout =
  ({ call, keys, issuer }: { call: Call; keys: ProviderKeys; issuer: string }): LogoutSender =>
  async ({ staffId, clientId, sid }) => {
    const client = await call('apps.sign-on-client', { clientId }, { timeoutMs: logoutTimeoutMs });
    const uri = client?.signOn?.backchannelLogoutUri;
    if (uri === undefined) return 'not-wanted';
    const alg = client?.signOn?.idTokenAlgorithm ?? 'RS256';
    const { jwks } = await keys.inUse();
    const key = jwks.find(one => one.alg === alg)!;
    const token = await new SignJWT({ events: { [event]: {} }, ...(sid === null ? {} : { sid }) })
      .setProtectedHeader({ alg, kid: key.kid!, typ: 'logout+jwt' })
      .setIssuer(issuer)
      .setAudience(clientId)
      .setSubject(staffId)
      .setIssuedAt()
      .setExpirationTime('2 minutes')
      .setJti(randomUUID())
      .sign(await importJWK(key, alg));
    return postLogout(uri, { logout_token: token });
  };
