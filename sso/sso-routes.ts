import { Type } from 'typebox';
import type { AppError } from '#hub/platform/errors.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { scopes } from '#schemas/app.ts';
import { type IssueDeps, issueToken } from '#sso/issue-token.ts';
import { OAuthError } from '#sso/oauth-error.ts';

const common = { scope: 'public', tag: 'sso' } as const;
/** Keys and addresses change seldom; who keeps them refreshes on an unknown key id anyway. */
const keptShortly = { 'cache-control': 'public, max-age=300' };

const TokenForm = Type.Object({
  grant_type: Type.String({ enum: ['client_credentials'] }),
  client_id: Type.Optional(Type.String({ description: 'With client_secret, instead of HTTP Basic' })),
  client_secret: Type.Optional(Type.String({ format: 'password' })),
  scope: Type.Optional(Type.String({ description: 'Scopes, separated by blanks; all of them when absent' })),
});
const TokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.String(),
  expires_in: Type.Integer({ description: 'Seconds' }),
  scope: Type.String(),
});
const Keys = Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) });

/** Errors of the edge in the words of RFC 6749 too: OAuth clients understand nothing else. */
const renderOAuthError = (error: AppError): Reply =>
  error.status >= 500
    ? new OAuthError('server_error', 'try again later', error.status).toReply()
    : new OAuthError('invalid_request', error.code, error.status).toReply();

/** What exists of the provider so far (OpenID Connect Discovery 1.0, RFC 8414). */
const describeProvider = (origin: string) => ({
  issuer: `${origin}/sso`,
  token_endpoint: `${origin}/sso/token`,
  jwks_uri: `${origin}/sso/jwks`,
  grant_types_supported: ['client_credentials'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  scopes_supported: [...scopes],
});

export const ssoRoutes = (deps: IssueDeps): Route[] => [
  {
    ...common,
    method: 'POST',
    path: '/sso/token',
    summary: 'Issues an access token for client credentials',
    description: 'RFC 6749 §4.4; errors are in the form of its §5.2. The token is a JWT (RFC 9068).',
    raw: true,
    contentTypes: ['application/x-www-form-urlencoded'],
    body: TokenForm,
    answer: TokenAnswer,
    renderError: renderOAuthError,
    handle: request => issueToken(deps, request),
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/.well-known/openid-configuration',
    summary: 'Describes the provider',
    answer: Type.Record(Type.String(), Type.Unknown()),
    handle: async () => new Reply(200, describeProvider(deps.origin), keptShortly),
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/jwks',
    summary: 'Public keys of the tokens',
    answer: Keys,
    handle: async () => new Reply(200, { keys: await deps.keys.published() }, keptShortly),
  },
];
