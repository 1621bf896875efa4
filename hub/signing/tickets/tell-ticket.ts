import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Tx } from '#hub/platform/database.ts';
import { appendEvents } from '#hub/platform/event-log.ts';
import { showHolder } from '#hub/signing/signers/show-holder.ts';
import type { TicketRow } from '#hub/signing/tickets/ticket-store.ts';
import { eventType } from '#schemas/event.ts';

export const subjectOfTicket = (id: string): string => `signing-ticket/${id}`;

/** Whose a ticket is, for events and the trail. */
const facts = ({ id, routeId, kind, ...holder }: TicketRow) => ({
  ...{ ticketId: id, routeId, kind },
  ...showHolder(holder),
});

/** Tells the log and the trail of a ticket's beginning or end. What people wrote stays with the ticket. */
export const tellTicket = async (
  tx: Tx,
  ticket: TicketRow,
  { change, actor, requestId, recovered }: TicketChange,
): Promise<void> => {
  await appendEvents(tx, [
    {
      type: eventType(`signing.ticket-${change}`),
      subject: subjectOfTicket(ticket.id),
      subjectVersion: change === 'opened' ? 1 : 2,
      source: 'hub/signing',
      actor,
      data: { ...facts(ticket), ...(recovered === undefined ? {} : { recovered }) },
    },
  ]);
  await traceTicket(tx, ticket, `ticket-${change}`, { actor, requestId });
};
export interface TicketChange {
  change: 'opened' | 'closed';
  actor: string;
  requestId?: string | undefined;
  /** Closed because the service has a usable certificate again. */
  recovered?: boolean;
}

/** A line in the trail. */
export const traceTicket = (
  tx: Tx,
  ticket: TicketRow,
  what: string,
  { actor, requestId, ...detail }: { actor: string; requestId?: string | undefined; toRoute?: string },
): Promise<void> => {
  const { ticketId, ...of } = facts(ticket);
  return appendAudit(tx, {
    actor,
    action: `signing.${what}`,
    object: subjectOfTicket(ticketId),
    detail: { ...of, ...detail },
    ...(requestId === undefined ? {} : { requestId }),
  });
};
