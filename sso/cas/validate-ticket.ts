import type { SignOnClient } from '#schemas/sign-on.ts';
import type { StaffAccount } from '#schemas/staff.ts';
import { bridgeClient } from '#sso/bridge/own-clients.ts';
import type { CasFailure } from '#sso/cas/cas-answer.ts';
import type { CasDeps } from '#sso/cas/cas-deps.ts';
import { hasCasSession, noteCasSession, removeCasSession } from '#sso/cas/cas-session-store.ts';
import { type CasTicket, takeTicket } from '#sso/cas/cas-store.ts';
import { personOfTicket } from '#sso/cas/person-of-ticket.ts';
import { sealTicket } from '#sso/cas/single-logout.ts';
import { hashTicket } from '#sso/cas/ticket-ids.ts';
import { keptDays } from '#sso/sessions/session.ts';

export interface Validated {
  staff: StaffAccount;
  client: SignOnClient;
  ticket: CasTicket;
}

/**
 * Uses a ticket up and tells whose it is. It is gone whatever the answer: a ticket that was shown for a wrong service is
 * in wrong hands. The app's session is noted before the sign-in is looked at, so that one that ends meanwhile either
 * refuses the ticket or finds the session to end.
 */
export const validateTicket = async (
  deps: CasDeps,
  given: {
    ticket: string | undefined;
    service: string | undefined;
    renew: boolean;
    /** Whether a ticket may have come through another app. */
    proxied: boolean;
  },
): Promise<Validated | CasFailure> => {
  const { db, secrets, config } = deps.context;
  if (given.ticket === undefined || given.service === undefined) return 'INVALID_REQUEST';
  const ticketHash = hashTicket(given.ticket);
  const ticket = await takeTicket(db, ticketHash);
  if (ticket === undefined) return 'INVALID_TICKET';
  if (ticket.service !== given.service) return 'INVALID_SERVICE';
  if (ticket.kind === 'PT' && !given.proxied) return 'INVALID_TICKET_SPEC';
  if (given.renew && !ticket.fresh) return 'INVALID_TICKET_SPEC';
  const { appId, service, uid } = ticket;
  const clientId = bridgeClient('cas', appId);
  const client = await deps.clientOf(clientId);
  if (!client?.app?.enabled) return 'UNAUTHORIZED_SERVICE';
  // Before the session is kept: what fails in between is noted again with the next ticket.
  const detail = (await hasCasSession(db, uid, appId)) ? undefined : { uid };
  if (!(await deps.noteOpened({ uid, clientId, appId, sid: undefined, detail }))) return 'INVALID_TICKET';
  const sealedTicket = sealTicket(secrets, given.ticket);
  // As long as the sign-in is kept: the app's own session may outlive ours, and who leaves is to be out of it.
  const seconds = keptDays * 86_400 + config.signOn.sessionHours * 3600;
  await noteCasSession(db, { ticketHash, service, sealedTicket, uid, appId, seconds });
  const staff = await personOfTicket(deps, ticket);
  if (staff !== undefined) return { staff, client, ticket };
  await removeCasSession(db, ticketHash);
  return 'INVALID_TICKET';
};
