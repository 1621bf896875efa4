import type { FastifyReply, FastifyRequest } from 'fastify';

/** For pages: what comes from our own origin and no inline code. Styles set by a script's own hand are fine. */
const pages =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** For data: a browser that shows it runs nothing. */
const data = "default-src 'none'; frame-ancestors 'none'";

/** Headers that every answer carries, unless the route itself has set them. Nothing names the server. */
export const setSecurityHeaders = (request: FastifyRequest, reply: FastifyReply): void => {
  const set = (name: string, value: string): void => {
    if (!reply.hasHeader(name)) reply.header(name, value);
  };
  const isPage = /^text\/html/.test(String(reply.getHeader('content-type') ?? ''));
  set('x-content-type-options', 'nosniff');
  set('referrer-policy', 'no-referrer');
  set('content-security-policy', isPage ? pages : data);
  set('cache-control', 'no-store');
  set('x-request-id', request.id);
};
