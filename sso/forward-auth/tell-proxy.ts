import type { Context } from 'koa';
import { say } from '#hub/platform/messages.ts';
import { factsOf } from '#sso/request-facts.ts';

/** What is wrong with how a proxy asks, for who set it up. */
export const tellProxy = (ctx: Context, status: 400 | 403, key: 'not-told' | 'unknown-origin'): void => {
  ctx.status = status;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = say(factsOf(ctx.req).language, `forward.${key}`);
};
