import { timingSafeEqual } from 'node:crypto';
import Provider, { errors } from 'oidc-provider';
import type { FailureLimit } from '#sso/limit-failures.ts';
import { factsOf } from '#sso/request-facts.ts';
import { sha256 } from '#sso/sha-256.ts';

/** A refusal that says when to come again. */
const tooMany = (seconds: number): Error =>
  Object.assign(
    new errors.CustomOIDCProviderError(
      'too_many_requests',
      `too many wrong secrets, wait ${seconds} seconds`,
    ),
    { status: 429, statusCode: 429, expose: true },
  );

/**
 * Whether a secret is one of the client's: it keeps SHA-256 of 32 random bytes, two at most, joined by a blank. Always
 * two comparisons in constant time; who guesses from one address must wait, and shuts out nobody else.
 */
export const compareSecrets = (
  { clientId, clientSecret }: { clientId: string; clientSecret?: string | undefined },
  actual: string,
  failures: FailureLimit,
): boolean => {
  const ctx = Provider.ctx!;
  const key = `${factsOf(ctx.req).address} ${clientId}`;
  const seconds = failures.waitFor(key);
  if (seconds > 0) {
    ctx.set('retry-after', String(seconds));
    throw tooMany(seconds);
  }
  const hash = sha256(actual);
  const kept = (clientSecret ?? '').split(' ');
  let matches = false;
  for (const slot of [0, 1]) {
    const one = Buffer.from(kept[slot] ?? '', 'hex');
    const equal = timingSafeEqual(hash, one.length === 32 ? one : Buffer.alloc(32));
    matches = (equal && one.length === 32) || matches;
  }
  if (matches) failures.succeeded(key);
  else failures.failed(key);
  return matches;
};
