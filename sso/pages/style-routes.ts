import Router from '@koa/router';
import { sharedStyle } from '#hub/platform/pages/draw-pages.ts';

/** The style of the pages. Its address changes with it. */
export const styleRoutes = (): Router => {
  const router = new Router({ sensitive: true, strict: true });
  router.get(sharedStyle.path.slice('/sso'.length), ctx => {
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    ctx.type = 'css';
    ctx.body = sharedStyle.text;
  });
  return router;
};
