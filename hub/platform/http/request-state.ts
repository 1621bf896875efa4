import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '#hub/platform/http/route.ts';
import { type Language, languageOf } from '#hub/platform/messages.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    language: Language;
    /** Aborts when the client goes before its answer is complete, or the server stops. */
    gone: AbortSignal;
  }
  interface FastifyContextConfig {
    /** The route's path in OpenAPI form, for log lines and metrics: never the path as asked. */
    path?: string;
    /** As in `Route`. */
    quiet?: boolean;
  }
}

/** Who has shown no token. */
export const nobody: Caller = { clientId: 'nobody', scopes: [] };

/** Requests under way, by what ends their waiting. */
export type UnderWay = Set<AbortController>;

/** Gives a request its caller, its language and the signal that nobody waits for it any more. */
export const prepareRequest = (request: FastifyRequest, reply: FastifyReply, underWay: UnderWay): void => {
  const controller = new AbortController();
  underWay.add(controller);
  reply.raw.once('close', () => {
    underWay.delete(controller);
    if (!reply.raw.writableFinished) controller.abort();
  });
  request.gone = controller.signal;
  request.caller = nobody;
  request.language = languageOf(request.headers['accept-language']);
};

/** Prepares every request before any other hook. */
export const addRequestState = (app: FastifyInstance, underWay: UnderWay): void => {
  app.decorateRequest('caller');
  app.decorateRequest('language', 'vi');
  app.decorateRequest('gone');
  app.addHook('onRequest', async (request, reply) => prepareRequest(request, reply, underWay));
};
