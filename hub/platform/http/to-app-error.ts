import type { FastifyRequest } from 'fastify';
import { isDatabaseAway } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { tooLarge } from '#hub/platform/http/guard-upload.ts';
import { malformedBody } from '#hub/platform/http/read-json.ts';
import { say } from '#hub/platform/messages.ts';

/** What the edge knows of a request that failed. */
export interface Failed {
  request: FastifyRequest;
  /** The media types that this address takes. */
  expected: string;
}

/**
 * Any error as one that may be shown. Unknown ones become `internal`: only the reference goes out, the
 * cause stays for the log.
 */
export const toAppError = (error: unknown, { request, expected }: Failed): AppError => {
  if (error instanceof AppError) return error;
  if (isDatabaseAway(error)) return new AppError('not-ready', {}, { cause: error });
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(request.routeOptions.bodyLimit);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('unsupported-media-type', { expected });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformedBody(request, 'bad-length');
    case 'FST_ERR_BAD_URL': {
      const detail = say(request.language, 'http.reason-bad-address');
      return new AppError('invalid-request', {}, { faults: [{ pointer: '', code: 'bad-address', detail }] });
    }
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new AppError('not-found');
  }
  // What is left of status 400 comes from reading the body: the client broke off.
  if (statusCode === 400) return malformedBody(request, 'cut-short');
  return new AppError('internal', { reference: request.id }, { cause: error });
};
