import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#hub/platform/errors.ts';
import { languageOf, say } from '#hub/platform/messages.ts';

/** An error of a body that cannot be read; `reason` names a text `reason-…` of `messages/http`. */
export const malformedBody = (request: FastifyRequest, reason: string): AppError =>
  new AppError('malformed-body', {
    reason: say(languageOf(request.headers['accept-language']), `http.reason-${reason}`),
  });

/** Screens for escapes of NUL and of surrogates, so that nearly every body is spared the walk. */
const suspicious = /\\u(?:0000|d[89a-f])/i;

/** Whether a text or a name in it holds what PostgreSQL cannot keep: NUL, half surrogates. */
export const hasBadText = (value: unknown): boolean => {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([name, inner]) => hasBadText(name) || hasBadText(inner));
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Reads JSON bodies (`application/json` and `…+json`) as UTF-8 and nothing else: a legacy encoding is told,
 * not turned into question marks. An empty body is none. `__proto__` and `constructor.prototype` are
 * refused. NUL and half surrogates too, since PostgreSQL cannot keep them.
 */
export const readJsonBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json\b/i,
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer, done) => {
      if (bytes.length === 0) return done(null, undefined);
      if (!isUtf8(bytes)) return done(malformedBody(request, 'not-utf8'));
      const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
      void parse(request, text, (error, body) => {
        if (error) return done(malformedBody(request, isJson(text) ? 'forbidden-name' : 'not-json'));
        if (suspicious.test(text) && hasBadText(body)) return done(malformedBody(request, 'bad-text'));
        done(null, body);
      });
    },
  );
};
