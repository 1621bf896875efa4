import { createLocalJWKSet, decodeProtectedHeader, errors, type JWK, jwtVerify } from 'jose';
import { createProofVerifier } from '#hub/gateway/verify-dpop.ts';
import type { Call } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Authenticate } from '#hub/platform/http/authenticate-request.ts';
import { type Scope, scopes } from '#schemas/app.ts';

const refreshAfterMs = 600_000;
/** Tokens with invented key ids cannot make us ask more often than this. */
const pauseMs = 1_000;

interface KnownKeys {
  ids: Set<unknown>;
  resolve: ReturnType<typeof createLocalJWKSet>;
  at: number;
}

/** The sign-on's public keys, asked for when one is unknown; those who wait share one question. */
const keepKeys = (call: Call): ((kid: string | undefined) => Promise<KnownKeys>) => {
  let known: KnownKeys | undefined;
  let asking: Promise<KnownKeys> | undefined;

  const ask = async (): Promise<KnownKeys> => {
    // Soon after the last question the next one waits: a key made meanwhile is found, not refused.
    const pause = known === undefined ? 0 : known.at + pauseMs - performance.now();
    if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause));
    const { keys } = await call('sso.keys', {});
    const ids = new Set(keys.map(key => key.kid));
    known = { ids, resolve: createLocalJWKSet({ keys: keys as JWK[] }), at: performance.now() };
    return known;
  };

  return async kid => {
    if (known?.ids.has(kid) && performance.now() - known.at < refreshAfterMs) return known;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
};

/**
 * Proves access tokens (RFC 9068) of our own sign-on for our own origin, and of one that is bound to a key that its
 * holder has the key (RFC 9449). A token whose subject is not its client is a person's. Makes no call for a token
 * whose key is known; so whoever loses a right keeps it until the token ends, for five minutes at most.
 *
 * @throws {AppError} (by the function) `unauthenticated`; `not-ready` when the keys cannot be had
 */
export const createTokenVerifier = (call: Call, origin: string): Authenticate => {
  const keysFor = keepKeys(call);
  const prove = createProofVerifier(origin);
  return async (token, presented) => {
    try {
      const { kid, alg, typ } = decodeProtectedHeader(token);
      if (alg !== 'ES256' || typ?.toLowerCase() !== 'at+jwt' || kid === undefined)
        throw new AppError('unauthenticated');
      const { resolve } = await keysFor(kid);
      const { payload } = await jwtVerify(token, resolve, {
        issuer: `${origin}/sso`,
        audience: origin,
        algorithms: ['ES256'],
        typ: 'at+jwt',
        clockTolerance: 5,
        requiredClaims: ['exp', 'sub', 'client_id', 'jti'],
      });
      await prove(token, payload, presented);
      const held = String(payload.scope ?? '').split(' ');
      return {
        clientId: String(payload.client_id),
        ...(payload.sub === payload.client_id ? {} : { staffId: String(payload.sub) }),
        ...(typeof payload.app === 'string' ? { appId: payload.app } : {}),
        scopes: scopes.filter((scope: Scope) => held.includes(scope)),
      };
    } catch (error) {
      if (error instanceof AppError) throw error;
      // jose's errors, and TypeError for what is no JWT at all, speak of the token; the rest is ours.
      if (error instanceof errors.JOSEError || error instanceof TypeError)
        throw new AppError('unauthenticated', {}, { cause: error });
      throw error;
    }
  };
};
