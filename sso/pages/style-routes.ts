import Router from '@koa/router';
import { style, stylePath } from '#sso/pages/render-page.ts';

/** The style of the pages. Its address changes with it. */
export const styleRoutes = (): Router => {
  const router = new Router({ sensitive: true, strict: true });
  router.get(stylePath.slice('/sso'.length), ctx => {
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    ctx.type = 'css';
    ctx.body = style;
  });
  return router;
};
