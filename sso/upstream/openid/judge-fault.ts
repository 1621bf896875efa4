import * as oidc from 'openid-client';
import { UpstreamAway } from '#sso/upstream/source-guard.ts';

/** No answer, or one that is no OpenID answer at all. */
const awayCodes = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

/**
 * What an error of a sign-in over an older sign-on means: the person gave up there; it does not answer; its answer is not
 * for us, not new, or not true. Undefined: the error is not about that.
 */
export const judgeFault = (error: unknown): 'given-up' | 'away' | 'bad-answer' | undefined => {
  if (error instanceof UpstreamAway) return 'away';
  if (error instanceof oidc.AuthorizationResponseError)
    return error.error === 'access_denied' ? 'given-up' : 'bad-answer';
  if (error instanceof oidc.ResponseBodyError) return error.error === 'invalid_grant' ? 'bad-answer' : 'away';
  if (error instanceof oidc.WWWAuthenticateChallengeError) return 'away';
  if (error instanceof oidc.ClientError) return awayCodes.has(String(error.code)) ? 'away' : 'bad-answer';
  // The network, as fetch tells it.
  if (error instanceof TypeError && error.message === 'fetch failed') return 'away';
  return undefined;
};
