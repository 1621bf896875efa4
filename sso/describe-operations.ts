import { Type } from 'typebox';
import type { Described } from '#hub/platform/http/mount.ts';

const common = { scope: 'public', tag: 'sso' } as const;
const json = Type.Record(Type.String(), Type.Unknown());
const client = {
  client_id: Type.Optional(Type.String({ description: 'With client_secret, instead of HTTP Basic' })),
  client_secret: Type.Optional(Type.String({ format: 'password' })),
};
const form = { raw: true, contentTypes: ['application/x-www-form-urlencoded'] };

/** What of the provider is in the API's description; OpenID clients read its own (`/.well-known/openid-configuration`). */
export const providerOperations: Described[] = [
  {
    ...common,
    ...form,
    method: 'POST',
    path: '/sso/token',
    summary: 'Issues tokens: for client credentials, codes, refresh tokens and devices',
    description:
      'RFC 6749, with PKCE (RFC 7636), DPoP (RFC 9449) and resource indicators (RFC 8707). Tokens for the API are JWTs (RFC 9068). Errors as in RFC 6749 §5.2.',
    body: Type.Object({
      grant_type: Type.String({
        enum: [
          'client_credentials',
          'authorization_code',
          'refresh_token',
          'urn:ietf:params:oauth:grant-type:device_code',
        ],
      }),
      ...client,
      scope: Type.Optional(Type.String({ description: 'Separated by blanks; all of them when absent' })),
      code: Type.Optional(Type.String()),
      code_verifier: Type.Optional(Type.String()),
      redirect_uri: Type.Optional(Type.String()),
      refresh_token: Type.Optional(Type.String()),
      device_code: Type.Optional(Type.String()),
      resource: Type.Optional(Type.String()),
    }),
    answer: Type.Object({
      access_token: Type.String(),
      token_type: Type.String(),
      expires_in: Type.Integer({ description: 'Seconds' }),
      scope: Type.Optional(Type.String()),
      id_token: Type.Optional(Type.String()),
      refresh_token: Type.Optional(Type.String()),
    }),
  },
  {
    ...common,
    ...form,
    method: 'POST',
    path: '/sso/token/introspection',
    summary: 'Tells an app what an opaque token for it is worth (RFC 7662)',
    body: Type.Object({ token: Type.String(), ...client }),
    answer: Type.Object({ active: Type.Boolean() }, { additionalProperties: true }),
  },
  {
    ...common,
    ...form,
    method: 'POST',
    path: '/sso/token/revocation',
    summary: 'Ends a token of the client (RFC 7009)',
    body: Type.Object({ token: Type.String(), ...client }),
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/auth',
    summary: 'Where an app sends people to sign in (OpenID Connect Core 1.0 §3.1)',
    query: Type.Object({
      client_id: Type.String(),
      response_type: Type.Literal('code'),
      redirect_uri: Type.String(),
      scope: Type.String({ description: 'openid profile email staff offline_access' }),
      state: Type.Optional(Type.String()),
      nonce: Type.Optional(Type.String()),
      code_challenge: Type.Optional(Type.String({ description: 'S256' })),
      code_challenge_method: Type.Optional(Type.Literal('S256')),
      prompt: Type.Optional(Type.String()),
      max_age: Type.Optional(Type.String()),
      acr_values: Type.Optional(Type.String()),
      resource: Type.Optional(Type.String()),
    }),
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/me',
    summary: "What the token's app may know of the person (OpenID Connect Core 1.0 §5.3)",
    answer: json,
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/session/end',
    summary: 'Where an app sends people to sign out (OpenID Connect RP-Initiated Logout 1.0)',
    query: Type.Object({
      id_token_hint: Type.Optional(Type.String()),
      client_id: Type.Optional(Type.String()),
      post_logout_redirect_uri: Type.Optional(Type.String()),
      state: Type.Optional(Type.String()),
    }),
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/my/sessions',
    summary: 'Page: where I am signed in, to end it',
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/.well-known/openid-configuration',
    summary: 'Describes the provider (OpenID Connect Discovery 1.0)',
    answer: json,
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/jwks',
    summary: 'Public keys of the tokens (RFC 7517)',
    answer: Type.Object({ keys: Type.Array(json) }),
  },
  {
    ...common,
    method: 'GET',
    path: '/forward-auth',
    summary: 'Asked by the proxy before an app about each request (docs/forward-auth.md)',
    description:
      'From trusted proxies only, with X-Original-URL and X-Original-Method (nginx) or X-Forwarded-Proto, -Host, -Uri and -Method (Traefik, Caddy). 200 with X-Auth-Staff-Id, X-Auth-User, X-Auth-Name, X-Auth-Unit and X-Auth-Jwt; 401, or for a navigation 302 (nginx: 401 with X-Auth-Sign-In); 400 for who is not trusted; 403 for an unknown origin.',
  },
  {
    ...common,
    method: 'GET',
    path: '/sso/webmail/open',
    summary: "Opens the person's mailbox at a Zimbra (pre-authentication)",
    query: Type.Object({
      app: Type.Optional(Type.String({ description: 'Which mail server, when there are several' })),
    }),
  },
];
