import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#hub/platform/errors.ts';
import type { Caller, Route } from '#hub/platform/http/route.ts';

/** The request that a token came with, as far as it proves whose the token is. */
export interface Presented {
  scheme: 'bearer' | 'dpop';
  method: string;
  /** Without the query. */
  path: string;
  /** The header `DPoP` (RFC 9449 §4). */
  proof: string | undefined;
}

/** Proves an access token. @throws {AppError} `unauthenticated` when it does not hold */
export type Authenticate = (token: string, presented: Presented) => Promise<Caller>;

/** Signatures that proofs may have; the sign-on takes the same. */
export const proofAlgorithms = ['ES256', 'Ed25519', 'EdDSA'];

const challenge = (reply: FastifyReply, scheme: Presented['scheme'], ...details: string[]): void => {
  const start = scheme === 'bearer' ? 'Bearer realm="lienthong"' : `DPoP algs="${proofAlgorithms.join(' ')}"`;
  reply.header('www-authenticate', [start, ...details].join(', '));
};

/**
 * RFC 6750 and, for tokens that are bound to a key, RFC 9449: only the Authorization header counts (a token in an address would end in logs). Runs before the
 * body is read and before anything is checked, so a stranger learns nothing from validation.
 */
export const authenticateRequest = async (
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  authenticate: Authenticate,
): Promise<void> => {
  if (route.scope === 'public') return;
  const [, named, token] =
    /^(Bearer|DPoP) +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '') ?? [];
  const scheme = named?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer';
  if (token === undefined) {
    challenge(reply, scheme);
    throw new AppError('unauthenticated');
  }
  let caller: Caller;
  try {
    const proof = request.headers.dpop;
    caller = await authenticate(token, {
      scheme,
      method: request.method,
      path: request.url.split('?', 1)[0]!,
      // Node joins what was sent twice with a comma, which no proof has.
      proof: typeof proof === 'string' ? proof : undefined,
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated')
      challenge(reply, scheme, 'error="invalid_token"');
    throw error;
  }
  request.caller = caller;
  if (!caller.scopes.includes(route.scope) && !caller.scopes.includes('admin')) {
    challenge(reply, scheme, 'error="insufficient_scope"', `scope="${route.scope}"`);
    throw new AppError('insufficient-scope', { scope: route.scope });
  }
};
