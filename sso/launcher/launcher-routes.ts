import Router from '@koa/router';
import type Provider from 'oidc-provider';
import { say } from '#hub/platform/messages.ts';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { flowRightOf } from '#schemas/sign-on.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { signInFor } from '#sso/bridge/sign-in-for.ts';
import { freshFactor } from '#sso/factors/factor-age.ts';
import { isOwnPath } from '#sso/own-path.ts';
import { answerError } from '#sso/pages/answer-error.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { factsOf } from '#sso/request-facts.ts';
import { sessionOf } from '#sso/sessions/signed-in.ts';

interface LauncherDeps {
  context: PartContext;
  bridge: Bridge;
  csrf: Csrf;
  provider(): Promise<Provider>;
}

/** `/`: who comes without a session signs in; then the apps that a person can open. */
export const launcherRoutes = ({ context, bridge, csrf, provider }: LauncherDeps): Router => {
  const router = new Router({ sensitive: true, strict: true });

  router.get('/', async ctx => {
    // `/sso` itself is stripped to `/` as well, and means the same.
    const session = await sessionOf(await provider(), ctx);
    if (session === undefined) return signInFor(bridge, ctx, '/');
    const { language, zone } = factsOf(ctx.req);
    const { staffId } = session;
    const [person, apps, roles, toSign] = await Promise.all([
      context.call('staff.account', { id: staffId }),
      context.call('apps.list', {}),
      readRoles(context.db, staffId),
      // A hub whose signing part is away still shows the apps.
      context.call('signing.count', { staffId }, { timeoutMs: 2000 }).catch(() => undefined),
    ]);
    const openable = apps.filter(
      ({ enabled, signOn }) =>
        enabled && signOn?.launchUrl !== undefined && (zone === 'wan' || signOn.internet === true),
    );
    const signing = say(language, 'sso.my-apps.signing');
    answerPage(ctx, 'my-apps', {
      name: person?.name ?? '',
      apps: [
        ...(toSign
          ? [
              {
                name: signing,
                url: '/signing',
                note: say(language, 'sso.my-apps.to-sign', { count: toSign }),
              },
            ]
          : []),
        ...openable.map(({ name, signOn }) => ({ name, url: signOn!.launchUrl })),
      ],
      links: [
        ...(toSign === 0 ? [{ url: '/signing', words: signing }] : []),
        { url: '/sso/my/sessions', words: say(language, 'sessions.link') },
        { url: '/sso/my/factors', words: say(language, 'factors.factors.title') },
        { url: '/sso/my/password', words: say(language, 'accounts.my-password.title') },
        ...(roles.includes('clerk')
          ? [{ url: '/sso/my/clerk', words: say(language, 'accounts.clerk.title') }]
          : []),
        ...(flowRightOf(roles) === undefined
          ? []
          : [{ url: '/flows/', words: say(language, 'sso.my-apps.flows') }]),
        ...(roles.includes('it-centre')
          ? [
              { url: '/console', words: say(language, 'sso.my-apps.console') },
              { url: '/api/docs', words: say(language, 'sso.my-apps.api-docs') },
            ]
          : []),
      ],
      csrf: csrf.tokenFor(session.uid),
    });
  });

  // Where other parts send a browser that nobody is signed in with, or whose second factor they want again.
  router.get('/my/open', async ctx => {
    const { to, factor } = ctx.query;
    const returnTo = typeof to === 'string' && isOwnPath(to) ? to : '/';
    signInFor(bridge, ctx, returnTo, factor === 'fresh' ? freshFactor : undefined);
  });

  router.get('/my/callback', async ctx => {
    const came = await bridge.finish(ctx, await provider());
    if ('error' in came) return answerError(ctx, came.error);
    seeOther(ctx, isOwnPath(came.returnTo) ? came.returnTo : '/');
  });

  return router;
};
