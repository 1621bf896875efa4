import { SignJWT } from 'jose';
import { entitledAttributes } from '#hub/platform/entitled-attributes.ts';
import type { App } from '#schemas/app.ts';
import type { StaffAccount } from '#schemas/staff.ts';
import type { Keyset } from '#sso/keys/provider-keys.ts';

/** Says what the token is, so that nobody takes it for an ID token or an access token (RFC 8725 §3.11). */
const identityTokenType = 'forward-auth+jwt';
const seconds = 60;

/** Text in a header: UTF-8, percent-encoded (`value-chars` of RFC 8187 §3.2.1). Pure. */
const encodeHeader = (text: string): string =>
  encodeURIComponent(text).replace(
    /[*'()]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** What the app may know of a person, by the app's entitlement; the register's id always. */
const knownOf = (staff: StaffAccount, app: Pick<App, 'entitlement'>) => {
  const names = entitledAttributes(app.entitlement, false);
  return {
    username: names.has('username') ? staff.username : undefined,
    name: names.has('name') ? staff.name : undefined,
    unitCode: names.has('unitId') ? staff.unitCode : undefined,
  };
};

/**
 * Who asks, as headers for the app. All of them are always there, empty where the app may not know: what a client sends
 * under these names is then replaced even by a proxy that only copies what it was told.
 */
export const identityHeaders = async (
  staff: StaffAccount,
  app: Pick<App, 'id' | 'entitlement'>,
  { issuer, keyset }: { issuer: string; keyset: Keyset },
): Promise<Record<string, string>> => {
  const { username, name, unitCode } = knownOf(staff, app);
  const key = keyset.jwks.find(({ alg }) => alg === 'ES256')!;
  const token = await new SignJWT({ preferred_username: username, name, unit_code: unitCode })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid!, typ: identityTokenType })
    .setIssuer(issuer)
    .setAudience(app.id)
    .setSubject(staff.id)
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(key);
  return {
    'x-auth-staff-id': staff.id,
    'x-auth-user': encodeHeader(username ?? ''),
    'x-auth-name': encodeHeader(name ?? ''),
    'x-auth-unit': encodeHeader(unitCode ?? ''),
    'x-auth-jwt': token,
  };
};
