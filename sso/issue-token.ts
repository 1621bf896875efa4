import type { Call } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import { Reply, type RouteRequest } from '#hub/platform/http/route.ts';
import type { Scope } from '#schemas/app.ts';
import type { FailureLimit } from '#sso/limit-failures.ts';
import { neverKept, OAuthError } from '#sso/oauth-error.ts';
import { readTokenRequest, type TokenRequest } from '#sso/read-token-request.ts';
import { signAccessToken, tokenSeconds } from '#sso/sign-access-token.ts';
import type { TokenKeys } from '#sso/token-keys.ts';

export interface IssueDeps {
  call: Call;
  keys: TokenKeys;
  /** By client and address: whoever guesses at a client from elsewhere does not shut the client itself out. */
  failures: FailureLimit;
  origin: string;
}

type ProvenClient = { clientId: string; appId?: string; scopes: Scope[] };

const proveClient = async (
  { call, failures }: IssueDeps,
  { clientId, clientSecret }: TokenRequest,
  address: string,
): Promise<ProvenClient> => {
  const key = `${address} ${clientId}`;
  const seconds = failures.waitFor(key);
  if (seconds > 0)
    throw new OAuthError('too_many_requests', `too many wrong secrets, wait ${seconds} seconds`, 429, {
      'retry-after': String(seconds),
    });
  try {
    const client = await call('apps.authenticate', { clientId, clientSecret });
    failures.succeeded(key);
    return client;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unauthenticated') throw error;
    failures.failed(key);
    throw new OAuthError('invalid_client', 'unknown client or wrong secret', 401, {
      'www-authenticate': 'Basic realm="lienthong"',
    });
  }
};

/** What the client asks for, when it has it all; everything that it has when it does not say. */
const narrowScopes = (held: Scope[], asked: string | undefined): Scope[] => {
  if (asked === undefined) return held;
  const wanted = [...new Set(asked.split(' ').filter(scope => scope !== ''))];
  if (!wanted.every(scope => held.includes(scope as Scope)))
    throw new OAuthError('invalid_scope', 'the client does not have a scope that it asks for');
  return wanted as Scope[];
};

/** `POST /sso/token`: client credentials (RFC 6749 §4.4) against a signed access token. */
export const issueToken = async (deps: IssueDeps, request: RouteRequest): Promise<Reply> => {
  try {
    const authorization = request.headers.authorization as string | undefined;
    const asked = await readTokenRequest(
      request.stream as NodeJS.ReadableStream & AsyncIterable<Buffer>,
      authorization,
    );
    if (asked.grantType !== 'client_credentials')
      throw new OAuthError('unsupported_grant_type', 'only client_credentials');
    const client = await proveClient(deps, asked, request.address);
    const scopes = narrowScopes(client.scopes, asked.scope);
    const token = await signAccessToken(await deps.keys.signing(), client, { origin: deps.origin, scopes });
    const answer = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      scope: scopes.join(' '),
    };
    return new Reply(200, answer, neverKept);
  } catch (error) {
    if (error instanceof OAuthError) return error.toReply();
    throw error;
  }
};
