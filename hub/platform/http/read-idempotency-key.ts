import type { FastifyRequest } from 'fastify';
import { AppError } from '#hub/platform/errors.ts';

/**
 * The key of a request. The draft writes it as a structured string, in quotes; most clients send it bare:
 * both are the same key.
 */
export const readIdempotencyKey = (request: FastifyRequest): string | undefined => {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const text = String(header);
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (!/^[\x20-\x7e]{1,255}$/.test(key))
    throw new AppError(
      'invalid-request',
      {},
      { faults: [{ field: 'Idempotency-Key', code: 'bad-idempotency-key' }] },
    );
  return key;
};

/**
 * What makes a request the same one: method, address, query in any order and the body. Of a raw body (an
 * upload) only the length and the media type are known before it is read: another file of exactly the same
 * length counts as the same request. The boundary, which clients choose anew each time, is left out.
 */
export const fingerprintOf = (request: FastifyRequest, raw: boolean): string => {
  const { headers, method } = request;
  const [path, query = ''] = request.url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.sort();
  const body = raw
    ? [
        headers['content-length'] ?? null,
        headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? null,
      ]
    : (request.body ?? null);
  return JSON.stringify([method, path, parameters.toString(), body]);
};
