import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#hub/platform/errors.ts';
import type { Caller, Route } from '#hub/platform/http/route.ts';

/** Proves a bearer token. @throws {AppError} `unauthenticated` when it does not hold */
export type Authenticate = (token: string) => Promise<Caller>;

const challenge = (reply: FastifyReply, ...details: string[]): void => {
  reply.header('www-authenticate', ['Bearer realm="lienthong"', ...details].join(', '));
};

/**
 * RFC 6750: only the Authorization header counts (a token in an address would end in logs). Runs before the
 * body is read and before anything is checked, so a stranger learns nothing from validation.
 */
export const authenticateRequest = async (
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  authenticate: Authenticate,
): Promise<void> => {
  if (route.scope === 'public') return;
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) {
    challenge(reply);
    throw new AppError('unauthenticated');
  }
  let caller: Caller;
  try {
    caller = await authenticate(token);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated')
      challenge(reply, 'error="invalid_token"');
    throw error;
  }
  request.caller = caller;
  if (!caller.scopes.includes(route.scope) && !caller.scopes.includes('admin')) {
    challenge(reply, 'error="insufficient_scope"', `scope="${route.scope}"`);
    throw new AppError('insufficient-scope', { scope: route.scope });
  }
};
