import type { AdapterPayload } from 'oidc-provider';
import { scopes as apiScopes } from '#schemas/app.ts';
import type { SignOnClient } from '#schemas/sign-on.ts';

/** Scopes of OpenID Connect that people's clients may ask for. */
export const personScopes = ['openid', 'profile', 'email', 'staff', 'offline_access'] as const;

/** How a request presents the client's secret. */
export type SecretPlace = 'client_secret_basic' | 'client_secret_post';

const present = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/**
 * A client of the apps register as the provider wants it (RFC 7591). A secret may come in the header or in the body
 * (RFC 6749 §2.3.1), so the method is the one of this request. `client_secret` is a hash, see `compareSecrets`.
 */
export const toClientMetadata = (client: SignOnClient, place: SecretPlace): AdapterPayload | undefined => {
  const { clientId, scopes, secretHashes, signOn, app } = client;
  if (app !== null && !app.enabled && signOn !== null) return undefined;
  const isPublic = signOn?.public === true;
  if (!isPublic && secretHashes.length === 0) return undefined;
  const forPeople = signOn !== null && signOn.redirectUris.length > 0;
  const allowed = [
    ...(signOn === null ? [] : personScopes),
    ...apiScopes.filter(scope => scopes.includes(scope)),
  ];
  return present({
    client_id: clientId,
    client_name: app?.name ?? clientId,
    token_endpoint_auth_method: isPublic ? ('none' as const) : place,
    client_secret: isPublic ? undefined : secretHashes.join(' '),
    grant_types: [
      ...(isPublic ? [] : ['client_credentials']),
      ...(forPeople ? ['authorization_code'] : []),
      ...(signOn?.refresh ? ['refresh_token'] : []),
      ...(signOn?.device ? ['urn:ietf:params:oauth:grant-type:device_code'] : []),
    ],
    response_types: forPeople ? ['code' as const] : [],
    redirect_uris: signOn?.redirectUris ?? [],
    post_logout_redirect_uris: signOn?.postLogoutRedirectUris ?? [],
    backchannel_logout_uri: signOn?.backchannelLogoutUri,
    backchannel_logout_session_required: signOn?.backchannelLogoutUri === undefined ? undefined : true,
    id_token_signed_response_alg: signOn?.idTokenAlgorithm ?? ('RS256' as const),
    scope: allowed.length === 0 ? undefined : allowed.join(' '),
    hubClient: client,
  });
};
