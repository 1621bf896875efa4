import { AppError } from '#hub/platform/errors.ts';
import { lookAgain } from '#hub/signing/tickets/look-again.ts';
import type { TicketContext } from '#hub/signing/tickets/open-ticket.ts';
import { endTemporary, spentTemporaryKeys, takeDueTickets } from '#hub/signing/tickets/ticket-store.ts';

/** Revokes keys that were made for a meantime that is over. What was authorised with them is signed first. */
const endTemporaryKeys = async ({ db, call }: Pick<TicketContext, 'db' | 'call'>): Promise<void> => {
  for (const { id, temporaryId } of await spentTemporaryKeys(db)) {
    const given = { credentialId: temporaryId, reason: 'cessationOfOperation', actor: 'system' };
    await call('key-service.revoke', given).catch(error => {
      // Somebody revoked it before.
      if (!(error instanceof AppError && error.code === 'unknown-signing-key')) throw error;
    });
    await endTemporary(db, id);
  }
};

/** Closes tickets whose service is well again, and ends what was made for the meantime. Answers how many were looked at. */
export const lookAfterTickets = async (context: TicketContext): Promise<number> => {
  const due = await takeDueTickets(context.db, 20);
  await Promise.all(due.map(ticket => lookAgain(context, ticket)));
  await endTemporaryKeys(context);
  return due.length;
};
