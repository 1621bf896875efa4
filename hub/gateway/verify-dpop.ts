import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose';
import { AppError } from '#hub/platform/errors.ts';
import { type Presented, proofAlgorithms } from '#hub/platform/http/authenticate-request.ts';

/** A proof is taken so long after it was made, in seconds; beside it clocks may differ by the tolerance. */
const proofSeconds = 60;
const toleranceSeconds = 5;
const keptMs = (proofSeconds + 2 * toleranceSeconds) * 1000;
/** More proofs than a node answers requests in that time. */
const mostKept = 200_000;

/**
 * Remembers what was seen lately, in this process's memory: N nodes take a proof N times. Bounded: when it is full the
 * oldest is forgotten. Answers whether `id` is new.
 */
const rememberSeen = (now: () => number): ((id: string) => boolean) => {
  const seen = new Map<string, number>();
  return id => {
    for (const [oldest, until] of seen) {
      if (until > now() && seen.size < mostKept) break;
      seen.delete(oldest);
    }
    if (seen.has(id)) return false;
    seen.set(id, now() + keptMs);
    return true;
  };
};

/** RFC 9449 §4.3: scheme and host in any case, no query and no fragment. */
const sameAddress = (claimed: unknown, url: string): boolean => {
  if (typeof claimed !== 'string' || !URL.canParse(claimed)) return false;
  const { origin, pathname } = new URL(claimed);
  return origin + pathname === new URL(url).href;
};

/**
 * Proves that whoever presents a token that is bound to a key (`cnf.jkt`) has that key: by a fresh proof for this very
 * request, once (RFC 9449 §4.3, §7). Such a token is no bearer token, and a bearer token needs no proof.
 *
 * @throws {AppError} (by the function) `unauthenticated`; jose's errors for a proof that is no good
 */
export const createProofVerifier = (origin: string, now: () => number = () => performance.now()) => {
  const isNew = rememberSeen(now);
  return async (token: string, claims: JWTPayload, presented: Presented): Promise<void> => {
    const { scheme, method, path, proof } = presented;
    const bound = (claims.cnf as { jkt?: unknown } | undefined)?.jkt;
    if (bound === undefined && scheme === 'bearer') return;
    if (bound === undefined || scheme === 'bearer' || proof === undefined)
      throw new AppError('unauthenticated');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: proofAlgorithms,
      maxTokenAge: proofSeconds,
      clockTolerance: toleranceSeconds,
      requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    });
    const jkt = await calculateJwkThumbprint(protectedHeader.jwk!);
    const good =
      jkt === bound &&
      payload.htm === method &&
      sameAddress(payload.htu, origin + path) &&
      payload.ath === createHash('sha256').update(token).digest('base64url') &&
      typeof payload.jti === 'string' &&
      isNew(createHash('sha256').update(`${jkt} ${payload.jti}`).digest('base64'));
    if (!good) throw new AppError('unauthenticated');
  };
};
