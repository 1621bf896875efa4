import { PassThrough, pipeline, Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorStatus } from '#hub/platform/errors.ts';
import { drainRequest, endSoon } from '#hub/platform/http/guard-upload.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';

/** An answer ready to go: JSON is text already. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | Readable | undefined;
}

const json = 'application/json; charset=utf-8';
const tooLargeStatus = errorStatus['too-large'];

const isIterable = (body: unknown): body is AsyncIterable<unknown> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

/** What a handler gave, as an answer. Undefined is 204; anything that is not text, bytes or a stream is JSON. */
export const toAnswer = (result: unknown, route: Pick<Route, 'status'>): Answer => {
  const reply =
    result instanceof Reply ? result : new Reply(route.status ?? (result === undefined ? 204 : 200), result);
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { body, status } = reply;
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body))
    return { status, headers, body };
  if (body instanceof Uint8Array) return { status, headers, body: Buffer.from(body) };
  if (body instanceof Readable) return { status, headers, body };
  if (isIterable(body)) return { status, headers, body: Readable.from(body) };
  return { status, headers: { 'content-type': json, ...headers }, body: JSON.stringify(body) };
};

/**
 * Sends an answer. `streams` holds those under way, for the server to end when it stops. Server-sent events
 * begin with a comment, so that the client knows at once that it is connected.
 */
export const sendAnswer = (
  request: FastifyRequest,
  reply: FastifyReply,
  { status, headers, body }: Answer,
  streams: Set<Readable>,
): FastifyReply => {
  reply.code(status).headers(headers);
  if (!request.raw.complete) {
    // Fastify would close the connection at once on a client that is still sending.
    reply.removeHeader('connection');
    drainRequest(request.raw);
    if (status === tooLargeStatus) endSoon(request.raw);
  }
  if (!(body instanceof Readable)) return reply.send(body);
  if (request.method === 'HEAD') {
    body.destroy();
    return reply.send();
  }
  let out: Readable = body;
  if (headers['content-type']?.startsWith('text/event-stream')) {
    // A proxy that collects or compresses events would hold them back.
    reply.headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
    const opened = new PassThrough();
    opened.write(': open\n\n');
    out = opened;
    pipeline(body, opened, () => {});
  }
  streams.add(out);
  out.once('close', () => streams.delete(out));
  return reply.send(out);
};
