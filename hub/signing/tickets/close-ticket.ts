import { inTransaction } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { subjectOfTicket, tellTicket } from '#hub/signing/tickets/tell-ticket.ts';
import { endTicket, type TicketRow } from '#hub/signing/tickets/ticket-store.ts';

/** Why a ticket is closed when its service has a usable certificate again. */
export const recovered = 'recovered';

/** Closes a ticket, once. From now on the service is asked again; a key that was made for the meantime is revoked soon. */
export const closeTicket = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  ticket: TicketRow,
  { actor, why, requestId }: { actor: string; why: string; requestId?: string },
): Promise<void> => {
  await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOfTicket(ticket.id)]);
    if (!(await endTicket(tx, ticket.id, { by: actor, why }))) return;
    await tellTicket(tx, ticket, { change: 'closed', actor, requestId, recovered: why === recovered });
  });
  wake.notify('events');
  wake.notify('signing');
};
