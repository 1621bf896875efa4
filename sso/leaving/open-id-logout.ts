import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import type { Call } from '#hub/platform/calls.ts';
import type { ProviderKeys } from '#sso/keys/provider-keys.ts';
import { type LogoutOutcome, type LogoutSender, logoutTimeoutMs } from '#sso/leaving/logout-sender.ts';
import { postLogout } from '#sso/leaving/post-logout.ts';

/** The one member of `events` (OpenID Connect Back-Channel Logout 1.0 §2.4). */
const event = 'http://schemas.openid.net/event/backchannel-logout';

/** So many sessions of one person in one app are told one by one; more are told by the one word for all. */
const mostToldApart = 20;

/** What became of telling `sids`, and of the word for all, which decides: an app may not know a session that has ended. */
const weigh = (forAll: LogoutOutcome, apart: LogoutOutcome[]): LogoutOutcome =>
  apart.find(outcome => typeof outcome === 'object' && !outcome.failure.startsWith('status-')) ?? forAll;

/**
 * Tells OpenID clients: a logout token to the address of the registration. Without `sid` it means all sessions of the
 * person (§2.4); since some clients (mod_auth_openidc 2.4) look for `sid` alone, each session that is known is told beside
 * it. Made anew for each attempt: a token that an app has taken already it may refuse.
 */
export const createOpenIdLogout =
  ({ call, keys, issuer }: { call: Call; keys: ProviderKeys; issuer: string }): LogoutSender =>
  async ({ staffId, clientId, sid, sids }) => {
    const client = await call('apps.sign-on-client', { clientId }, { timeoutMs: logoutTimeoutMs });
    const uri = client?.signOn?.backchannelLogoutUri;
    if (uri === undefined) return 'not-wanted';
    const alg = client?.signOn?.idTokenAlgorithm ?? 'RS256';
    const { jwks } = await keys.inUse();
    const key = jwks.find(one => one.alg === alg)!;
    const privateKey = await importJWK(key, alg);
    const tell = async (of: string | null): Promise<LogoutOutcome> => {
      const token = await new SignJWT({ events: { [event]: {} }, ...(of === null ? {} : { sid: of }) })
        .setProtectedHeader({ alg, kid: key.kid!, typ: 'logout+jwt' })
        .setIssuer(issuer)
        .setAudience(clientId)
        .setSubject(staffId)
        .setIssuedAt()
        .setExpirationTime('2 minutes')
        .setJti(randomUUID())
        .sign(privateKey);
      return postLogout(uri, { logout_token: token });
    };
    const apart = sid === null && sids.length <= mostToldApart ? sids : [];
    const [forAll, ...others] = await Promise.all([tell(sid), ...apart.map(tell)]);
    return weigh(forAll!, others);
  };
