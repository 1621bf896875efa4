import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { traceTicket } from '#hub/signing/tickets/tell-ticket.ts';
import { agreeTicket, type TicketRow } from '#hub/signing/tickets/ticket-store.ts';

/**
 * Keeps a person's word that they sign with another service until theirs is well again.
 *
 * @throws AppError `conflict`: the ticket was closed meanwhile, the usual service is back
 */
export const agree = (
  { db }: Pick<PartContext, 'db'>,
  ticket: TicketRow,
  { toRoute, by, temporaryId }: { toRoute: string; by: string; temporaryId?: string },
): Promise<void> =>
  inTransaction(db, async tx => {
    if (!(await agreeTicket(tx, ticket.id, { toRoute, by, temporaryId }))) throw new AppError('conflict');
    await traceTicket(tx, ticket, 'detour-agreed', { actor: `staff/${by}`, toRoute });
  });
