import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { CasDeps } from '#sso/cas/cas-deps.ts';
import { putTicket, removeTicket } from '#sso/cas/cas-store.ts';
import { isOwnCallback } from '#sso/cas/match-service.ts';
import { hashTicket, newTicketId } from '#sso/cas/ticket-ids.ts';
import type { Validated } from '#sso/cas/validate-ticket.ts';

const callbackMs = 5_000;

/**
 * Gives an app a ticket by which it may act for the person at other apps: sent to its own callback, while the answer to
 * its question only names it (PGTIOU), so that whoever has stolen a service ticket does not get it (CAS Protocol
 * 3.0.3 §2.5.4). Undefined: the callback did not take it. `refused`: it is on no host of the app, and was not called.
 */
export const grantProxying = async (
  { context }: CasDeps,
  { ticket, client }: Validated,
  pgtUrl: string,
): Promise<string | undefined | 'refused'> => {
  if (!isOwnCallback(client.app?.signOn?.cas?.services ?? [], pgtUrl)) return 'refused';
  const [pgt, iou] = [newTicketId('PGT'), newTicketId('PGTIOU')];
  const proxies = [pgtUrl, ...ticket.proxies];
  const seconds = context.config.signOn.sessionHours * 3600;
  await putTicket(
    context.db,
    hashTicket(pgt),
    { ...ticket, kind: 'PGT', service: pgtUrl, fresh: false, proxies },
    seconds,
  );
  const url = new URL(pgtUrl);
  url.searchParams.set('pgtIou', iou);
  url.searchParams.set('pgtId', pgt);
  const taken = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(callbackMs) }).then(
    async answer => {
      await answer.body?.cancel();
      return answer.status === 200;
    },
    (cause: unknown) => {
      context.log.warn({ app: ticket.appId, cause: describeCause(cause) }, 'a CAS proxy callback failed');
      return false;
    },
  );
  if (taken) return iou;
  await removeTicket(context.db, hashTicket(pgt));
  return undefined;
};
