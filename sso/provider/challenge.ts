import type { Middleware } from 'koa';

/** RFC 6749 §5.2: whoever fails to prove a client is told how. The library leaves the header out. */
export const challengeClients: Middleware = async (ctx, next) => {
  await next();
  if (ctx.status === 401 && ctx.path.startsWith('/token') && !ctx.response.get('www-authenticate'))
    ctx.set('www-authenticate', 'Basic realm="lienthong"');
};
