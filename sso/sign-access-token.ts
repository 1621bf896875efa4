import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Scope } from '#schemas/app.ts';
import type { SigningKey } from '#sso/token-keys.ts';

/** How long an access token is valid, in seconds. It cannot be called back before, so it is short. */
export const tokenSeconds = 300;

/** A JWT access token (RFC 9068): issued by `<origin>/sso` for the hub's API at `<origin>`. */
export const signAccessToken = (
  { kid, key }: SigningKey,
  client: { clientId: string; appId?: string },
  { origin, scopes }: { origin: string; scopes: Scope[] },
): Promise<string> =>
  new SignJWT({
    client_id: client.clientId,
    scope: scopes.join(' '),
    ...(client.appId === undefined ? {} : { app: client.appId }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
    .setIssuer(`${origin}/sso`)
    .setAudience(origin)
    .setSubject(client.clientId)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${tokenSeconds}s`)
    .sign(key);
