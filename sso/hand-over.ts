import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { isDatabaseAway } from '#hub/platform/database.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { Described, Handed, Mount } from '#hub/platform/http/mount.ts';
import type { Log } from '#hub/platform/log.ts';
import type { Zone } from '#schemas/sign-on.ts';
import type { OriginalRequest } from '#sso/forward-auth/original-request.ts';
import { keepFacts } from '#sso/request-facts.ts';

/** Cookies beyond this are nobody's of ours: refused before they are read. */
export const mostCookieBytes = 8192;

/** What a client says of where it comes from; only the edge's word counts. */
const claimed = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'forwarded'];

/** The provider's address below the prefix it is mounted at: `/sso/auth` is `/auth` to it. */
const stripPrefix = (url: string): string => {
  const rest = url.slice('/sso'.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
};

const isBelowSso = (url: string): boolean => /^\/sso(?:[/?]|$)/.test(url);

/**
 * Hands requests to the provider, with what we know in the place of what they say. Errors before it answers are told
 * by `refuse`.
 */
export const createHandOver = (given: {
  origin: string;
  paths: string[];
  operations: Described[];
  provider(): Promise<Provider>;
  zoneOf(request: IncomingMessage, address: string): Zone;
  /** What a trusted proxy tells of the request that it asks about. */
  originalOf(request: IncomingMessage): OriginalRequest | undefined;
  refuse(response: ServerResponse, status: number, handed: Handed): void;
  log: Log;
}): Mount => {
  const { protocol, host } = new URL(given.origin);
  // Koa puts its middleware together at each call.
  const answers = new WeakMap<Provider, ReturnType<Provider['callback']>>();
  const answerOf = (provider: Provider): ReturnType<Provider['callback']> => {
    const answer = answers.get(provider) ?? provider.callback();
    answers.set(provider, answer);
    return answer;
  };
  return {
    paths: given.paths,
    operations: given.operations,
    handle(request, response, handed) {
      const zone = given.zoneOf(request, handed.address);
      const original = given.originalOf(request);
      for (const header of claimed) delete request.headers[header];
      request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
      request.headers['x-forwarded-host'] = host;
      keepFacts(request, { ...handed, zone, original });
      if ((request.headers.cookie?.length ?? 0) > mostCookieBytes) return given.refuse(response, 431, handed);
      const { url = '/' } = request;
      (request as IncomingMessage & { originalUrl?: string }).originalUrl = url;
      if (isBelowSso(url)) request.url = stripPrefix(url);
      given
        .provider()
        .then(provider => answerOf(provider)(request, response))
        .catch((cause: unknown) => {
          if (!isDatabaseAway(cause))
            given.log.error(
              { requestId: handed.requestId, cause: describeCause(cause) },
              'the sign-on failed',
            );
          if (!response.headersSent) given.refuse(response, 503, handed);
          else response.destroy();
        });
    },
  };
};
