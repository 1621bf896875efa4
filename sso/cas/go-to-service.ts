import type { Context } from 'koa';
import { say } from '#hub/platform/messages.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { factsOf } from '#sso/request-facts.ts';

/** The address with a ticket, before what a browser keeps to itself (`#…`). */
const withTicket = (service: string, name: string, ticket: string): string => {
  const [address, fragment] = service.split(/(?=#)/, 2) as [string, string?];
  return `${address}${address.includes('?') ? '&' : '?'}${name}=${ticket}${fragment ?? ''}`;
};

/** Sends the browser to an app whose address was looked at before: as it is, with a ticket, or with one in a form. */
export const goToService = (
  ctx: Context,
  service: string,
  going?: { ticket: string; ticketName: string; post: boolean; appName: string },
): void => {
  if (going?.post) {
    const words = say(factsOf(ctx.req).language, 'cas.return.title', { app: going.appName });
    const formTargets = [new URL(service).origin];
    answerPage(ctx, 'cas-return', { ...going, title: words, service }, { formTargets });
    return;
  }
  seeOther(ctx, going === undefined ? service : withTicket(service, going.ticketName, going.ticket));
};
