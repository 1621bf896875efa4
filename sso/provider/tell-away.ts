import type { Context } from 'koa';
import { isDatabaseAway } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';

const retryAfter = '5';

/**
 * Turns the library's "server error" into "come again" (RFC 6749 §4.1.2.1, RFC 9110 §15.6.4) where the database or another
 * part of the hub is away for the moment. False: the fault is ours.
 */
export const tellAway = (ctx: Context, error: unknown): boolean => {
  const isAway = isDatabaseAway(error) || (error instanceof AppError && error.status === 503);
  if (!isAway) return false;
  const { body } = ctx;
  ctx.status = 503;
  ctx.set('retry-after', retryAfter);
  if (typeof body === 'object' && body !== null && 'error' in body)
    ctx.body = { error: 'temporarily_unavailable', error_description: 'try again later' };
  return true;
};
