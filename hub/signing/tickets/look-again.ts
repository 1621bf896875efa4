import { listRoutes } from '#hub/signing/route-store.ts';
import { hasService } from '#hub/signing/signers/signer-of.ts';
import { isOfBroken, isUsable, serialOf } from '#hub/signing/signers/usable-key.ts';
import { closeTicket, recovered } from '#hub/signing/tickets/close-ticket.ts';
import type { TicketContext } from '#hub/signing/tickets/open-ticket.ts';
import { learnKnown, type TicketRow } from '#hub/signing/tickets/ticket-store.ts';

/**
 * Asks a ticket's service whether the holder has a usable certificate there again, and closes the ticket if so. After
 * a report only another certificate than those of the broken device counts. Of a token nothing can be seen: it is well when its
 * holder says so by looking (`by`). False: nothing is better yet, or the ticket is another by now.
 */
export const lookAgain = async (
  context: Pick<TicketContext, 'db' | 'keys' | 'wake'>,
  ticket: TicketRow,
  by?: string,
): Promise<boolean> => {
  const { db, keys } = context;
  const route = (await listRoutes(db)).find(({ id }) => id === ticket.routeId);
  if (route === undefined) return false;
  if (!hasService(route)) {
    return by !== undefined && closeTicket(context, ticket, { actor: `staff/${by}`, why: recovered });
  }
  keys.forget(route, ticket);
  const held = await keys.of(route, ticket).catch(() => undefined);
  if (held === undefined) return false;
  if (ticket.kind === 'reported-broken' && ticket.known === null)
    await learnKnown(db, ticket.id, held.credentials.map(serialOf));
  if (!held.credentials.some(one => isUsable(one) && !isOfBroken(one, ticket))) return false;
  return closeTicket(context, ticket, { actor: 'system', why: recovered });
};
