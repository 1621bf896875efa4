import type { Context } from 'koa';

/** Sends a browser on by GET, whatever it did before (RFC 9110 §15.4.4). Kept by nobody: the way is this browser's alone. */
export const seeOther = (ctx: Context, url: string): void => {
  ctx.set('cache-control', 'no-store');
  ctx.status = 303;
  ctx.redirect(url);
};
