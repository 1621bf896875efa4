import type { Static, TSchema } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { compileCheck } from '#hub/platform/http/check-request.ts';
import { hasBadText } from '#hub/platform/http/read-json.ts';
import type { Route, RouteRequest } from '#hub/platform/http/route.ts';

/** How a route says that it takes JSON larger than others do: whole documents in base64. */
export const takesLargeJson = {
  raw: true,
  contentTypes: ['application/json'],
  maxBytes: 64 * 1024 * 1024,
} satisfies Partial<Route>;

/** Makes the reader of such bodies. It answers an AppError `malformed-body`, `invalid-request`. */
export const createLargeBodyReader = <B extends TSchema>(schema: B) => {
  const check = compileCheck({ body: schema });
  return async ({ stream, language }: Pick<RouteRequest, 'stream' | 'language'>): Promise<Static<B>> => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    let body: unknown;
    try {
      body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
      throw new AppError('malformed-body', { reason: 'JSON' });
    }
    check({ params: {}, query: {}, body }, language);
    if (hasBadText(body)) throw new AppError('malformed-body', { reason: 'NUL' });
    return body as Static<B>;
  };
};
