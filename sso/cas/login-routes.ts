import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import { bridgeClient, bridges } from '#sso/bridge/own-clients.ts';
import { type CasDeps, isSet, oneOf } from '#sso/cas/cas-deps.ts';
import { putTicket } from '#sso/cas/cas-store.ts';
import { goToService } from '#sso/cas/go-to-service.ts';
import { findCasApp } from '#sso/cas/match-service.ts';
import { hashTicket, newTicketId } from '#sso/cas/ticket-ids.ts';
import { answerError } from '#sso/pages/answer-error.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { factsOf } from '#sso/request-facts.ts';
import { sessionOf } from '#sso/sessions/signed-in.ts';

/** Seconds that an app has to validate a service ticket. */
const ticketSeconds = 30;

/** What a sign-in keeps for when it comes back. */
interface Going {
  appId: string;
  service: string;
  /** How clients of the SAML 1.1 kind call the ticket: they name their service `TARGET`. */
  ticketName: 'ticket' | 'SAMLart';
  post: boolean;
  gateway: boolean;
  /** The sign-in that was there before: any other is one for this service. */
  before: string;
}

const signInOf = ({ uid, authTime }: { uid: string; authTime: number }): string => `${uid} ${authTime}`;

/** A page, never a redirect: the address is nobody's, or that of an app that is switched off. */
const refuse = (ctx: Context, key: 'unknown-service' | 'switched-off'): void => {
  const { language, requestId } = factsOf(ctx.req);
  const words = say(language, `cas.error.${key}`);
  answerPage(ctx, 'error', { words, reference: requestId }, { status: 403 });
};

/** `/cas/login` and the way back from the sign-in (CAS Protocol 3.0.3 §2.1, §2.2). */
export const casLoginRoutes = ({ context, bridge, provider }: CasDeps): Router => {
  const router = new Router({ prefix: '/cas', sensitive: true, strict: true });

  /** The app of a service, or a page that says why not. */
  const demandApp = async (ctx: Context, service: string) => {
    const app = findCasApp(await context.call('apps.list', {}), service);
    if (app?.enabled) return app;
    context.log.warn(
      { requestId: factsOf(ctx.req).requestId, app: app?.id },
      'a CAS sign-in was refused: its service is not registered, or its app is switched off',
    );
    return refuse(ctx, app === undefined ? 'unknown-service' : 'switched-off');
  };

  router.get('/login', async ctx => {
    const [name, ticketName] =
      ctx.query.TARGET === undefined ? (['service', 'ticket'] as const) : (['TARGET', 'SAMLart'] as const);
    if (ctx.query[name] === undefined) {
      return seeOther(ctx, '/');
    }
    const service = oneOf(ctx, name) ?? '';
    const app = await demandApp(ctx, service);
    if (app === undefined) return;
    const renew = isSet(ctx, 'renew');
    // Together they contradict each other; the protocol lets renew win.
    const gateway = !renew && isSet(ctx, 'gateway');
    const post = oneOf(ctx, 'method')?.toUpperCase() === 'POST';
    const session = await sessionOf(await provider(), ctx);
    const before = session === undefined ? '' : signInOf(session);
    const going: Going = { appId: app.id, service, ticketName, post, gateway, before };
    bridge.begin(ctx, {
      clientId: bridgeClient('cas', app.id),
      callback: bridges.cas,
      returnTo: JSON.stringify(going),
      more: renew ? { prompt: 'login' } : gateway ? { prompt: 'none' } : {},
    });
  });

  router.get('/callback', async ctx => {
    const came = await bridge.finish(ctx, await provider());
    const { appId, service, ticketName, post, gateway, before } = JSON.parse(came.returnTo) as Going;
    const app = await demandApp(ctx, service);
    if (app === undefined) return;
    // The registration has changed on the way: the sign-in was for another app's rules.
    if (app.id !== appId) throw new AppError('invalid-request');
    if ('error' in came) return gateway ? goToService(ctx, service) : answerError(ctx, came.error);
    const ticket = newTicketId('ST');
    await putTicket(
      context.db,
      hashTicket(ticket),
      {
        kind: 'ST',
        appId: app.id,
        service,
        uid: came.uid,
        staffId: came.staffId,
        amr: came.amr,
        zone: factsOf(ctx.req).zone,
        authTime: new Date(came.authTime * 1000),
        fresh: signInOf(came) !== before,
        proxies: [],
      },
      ticketSeconds,
    );
    goToService(ctx, service, { ticket, ticketName, post, appName: app.name });
  });

  return router;
};
