import { inTransaction } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { subjectOfTicket, tellTicket } from '#hub/signing/tickets/tell-ticket.ts';
import { endTicket, type TicketRow } from '#hub/signing/tickets/ticket-store.ts';

/** Why a ticket is closed when its service has a usable certificate again. */
export const recovered = 'recovered';

/**
 * Closes a ticket, once. From now on the service is asked again; a key that was made for the meantime is revoked soon. What is
 * well again closes only the trouble that was looked at: not one that somebody reported meanwhile. Answers whether this closed it.
 */
export const closeTicket = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  ticket: TicketRow,
  { actor, why, requestId }: { actor: string; why: string; requestId?: string },
): Promise<boolean> => {
  const isOver = why === recovered;
  const closed = await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOfTicket(ticket.id)]);
    const only = isOver ? ticket.kind : undefined;
    const ended = await endTicket(tx, ticket.id, { by: actor, why, only });
    if (ended) await tellTicket(tx, ticket, { change: 'closed', actor, requestId, recovered: isOver });
    return ended;
  });
  wake.notify('events');
  wake.notify('signing');
  return closed;
};
