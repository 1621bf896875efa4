import Router from '@koa/router';
import { bridgeClient } from '#sso/bridge/own-clients.ts';
import { answerCas, answerCasFailure, type CasFailure } from '#sso/cas/cas-answer.ts';
import { type CasDeps, oneOf } from '#sso/cas/cas-deps.ts';
import { findGrantingTicket, putTicket } from '#sso/cas/cas-store.ts';
import { findCasApp } from '#sso/cas/match-service.ts';
import { personOfTicket } from '#sso/cas/person-of-ticket.ts';
import { hashTicket, newTicketId } from '#sso/cas/ticket-ids.ts';

const ticketSeconds = 30;

/**
 * `/cas/proxy`: an app that holds a PGT gets a ticket for another app (CAS Protocol 3.0.3 §2.7). No browser comes by here,
 * so what the sign-in asks for the other app must have been proven before; nobody can be asked for more.
 */
export const casProxyRoute = (deps: CasDeps): Router => {
  const { db, call } = deps.context;

  const proxy = async (
    pgt: string | undefined,
    service: string | undefined,
  ): Promise<{ ticket: string } | CasFailure> => {
    if (pgt === undefined || service === undefined) return 'INVALID_REQUEST';
    const holder = await findGrantingTicket(db, hashTicket(pgt));
    if (holder === undefined || (await personOfTicket(deps, holder)) === undefined) return 'INVALID_TICKET';
    const holding = await deps.clientOf(bridgeClient('cas', holder.appId));
    const target = findCasApp(await call('apps.list', {}), service);
    if (!target?.enabled || !holding?.app?.enabled) return 'UNAUTHORIZED_SERVICE';
    const { zone, staffId, amr } = holder;
    for (const client of [holding, await deps.clientOf(bridgeClient('cas', target.id))]) {
      const { outcome } = await deps.judge({ zone, client, person: { staffId, amr } });
      if (outcome !== 'allowed') return 'UNAUTHORIZED_SERVICE';
    }
    const ticket = newTicketId('PT');
    await putTicket(
      db,
      hashTicket(ticket),
      { ...holder, kind: 'PT', appId: target.id, service },
      ticketSeconds,
    );
    return { ticket };
  };

  const router = new Router({ sensitive: true, strict: true });
  router.get('/cas/proxy', async ctx => {
    const proxied = await proxy(oneOf(ctx, 'pgt'), oneOf(ctx, 'targetService'));
    if (typeof proxied === 'string') answerCasFailure(ctx, 'proxyFailure', proxied);
    else answerCas(ctx, 'proxySuccess', { proxyTicket: proxied.ticket });
  });
  return router;
};
