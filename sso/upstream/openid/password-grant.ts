import * as oidc from 'openid-client';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import { readIdentity } from '#sso/upstream/openid/read-identity.ts';
import type { RelyingParties } from '#sso/upstream/openid/relying-party.ts';
import type { OpenIdSource } from '#sso/upstream/source.ts';

const legacyClient = (
  party: oidc.Configuration,
  { tokenEndpoint, clientId, clientSecret }: NonNullable<OpenIdSource['settings']['passwordGrant']>,
): oidc.Configuration => {
  const { supportsPKCE: _, ...known } = party.serverMetadata();
  const metadata = { ...known, token_endpoint: tokenEndpoint };
  const legacy = new oidc.Configuration(metadata, clientId, undefined, oidc.ClientSecretBasic(clientSecret));
  legacy.timeout = 3;
  oidc.enableNonRepudiationChecks(legacy);
  if (tokenEndpoint.startsWith('http:')) oidc.allowInsecureRequests(legacy);
  return legacy;
};

/**
 * Tries a password at the token endpoint of the older sign-on (RFC 6749 §4.3), which is good for nothing else than to take
 * it over. It does not tell a wrong password from an unknown name: both are `unknown`.
 *
 * @throws when it does not answer, or does not know the client
 */
export const checkPasswordGrant = async (
  parties: RelyingParties,
  source: OpenIdSource,
  { username, password }: { username: string; password: string },
): Promise<{ outcome: 'unknown' } | { outcome: 'right'; identity: UpstreamIdentity }> => {
  const { passwordGrant } = source.settings;
  if (passwordGrant === undefined || password === '') return { outcome: 'unknown' };
  const legacy = legacyClient(await parties.of(source), passwordGrant);
  try {
    const tokens = await oidc.genericGrantRequest(legacy, 'password', {
      username: username.trim(),
      password,
      scope: source.settings.scope ?? 'openid profile',
    });
    return { outcome: 'right', identity: await readIdentity(legacy, source, tokens) };
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant')
      return { outcome: 'unknown' };
    throw error;
  }
};
