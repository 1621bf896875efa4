import Router from '@koa/router';

/** Sends the form of `cas-return` by itself; without JavaScript there is its button. */
export const casReturnScriptRoute = (): Router => {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/cas/return.js', ctx => {
    ctx.set('cache-control', 'public, max-age=86400');
    ctx.type = 'js';
    ctx.body = "document.getElementById('cas-return').submit();\n";
  });
  return router;
};
