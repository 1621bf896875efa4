import Router from '@koa/router';
import { type CasDeps, oneOf } from '#sso/cas/cas-deps.ts';
import { goToService } from '#sso/cas/go-to-service.ts';
import { findCasApp } from '#sso/cas/match-service.ts';
import { answerPage } from '#sso/pages/answer-page.ts';

/**
 * `/cas/logout`: ends the sign-in without a question, as CAS apps expect, and goes back to an address that is registered
 * (CAS Protocol 3.0.3 §2.3). Images and frames of other sites end nothing: the session's cookie is SameSite=Lax.
 */
export const casLogoutRoute = ({ context, signOut }: CasDeps): Router => {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/cas/logout', async ctx => {
    await signOut(ctx);
    // CAS 1 and 2 say `url`.
    const back = oneOf(ctx, 'service') ?? oneOf(ctx, 'url');
    if (back !== undefined && findCasApp(await context.call('apps.list', {}), back) !== undefined)
      return goToService(ctx, back);
    answerPage(ctx, 'signed-out');
  });
  return router;
};
