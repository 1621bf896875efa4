import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Route } from '#hub/platform/http/route.ts';
import type { Language } from '#hub/platform/messages.ts';

/** What the edge knows of a request that it hands on. */
export interface Handed {
  /** In the log, in `X-Request-Id`, and the reference number on error pages. */
  requestId: string;
  /** The client's network address, as a trusted proxy tells it. */
  address: string;
  language: Language;
}

/** What the API's description says of an address that no `Route` answers. */
export type Described = Omit<Route, 'handle'>;

/**
 * Addresses that a server of another making answers (the OpenID provider): everything at and below each path, the
 * request and the response as Node has them. It sees to its own errors, bodies and tokens.
 */
export interface Mount {
  paths: string[];
  operations?: Described[];
  handle(request: IncomingMessage, response: ServerResponse, handed: Handed): void;
  /** A connection at these addresses that wants to become a WebSocket; absent: there is none, and it is asked as any other. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, handed: Handed): void;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];

/** Hands requests over, with the headers that every answer carries; log line and figures are the edge's. */
export const mountServer = (app: FastifyInstance, { paths, handle }: Mount): void => {
  for (const path of paths)
    for (const url of path === '/' ? ['/'] : [path, `${path}/*`])
      app.route({
        method: methods,
        url,
        config: { path: url, quiet: false },
        handler: (request, reply) => {
          reply.hijack();
          reply.raw.setHeader('x-content-type-options', 'nosniff');
          reply.raw.setHeader('referrer-policy', 'no-referrer');
          reply.raw.setHeader('x-request-id', request.id);
          handle(request.raw, reply.raw, {
            requestId: request.id,
            address: request.ip,
            language: request.language,
          });
        },
      });
};
