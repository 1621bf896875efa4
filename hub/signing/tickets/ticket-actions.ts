import { AppError } from '#hub/platform/errors.ts';
import { type Powers, powersOf } from '#hub/signing/may-decide.ts';
import { listRoutes } from '#hub/signing/route-store.ts';
import { findWay } from '#hub/signing/signers/find-way.ts';
import { lookAt } from '#hub/signing/signers/look-at.ts';
import { agree } from '#hub/signing/tickets/agree.ts';
import { lookAgain } from '#hub/signing/tickets/look-again.ts';
import { openTicket, type TicketContext } from '#hub/signing/tickets/open-ticket.ts';
import { showServices } from '#hub/signing/tickets/show-services.ts';
import { findTicket, type TicketRow } from '#hub/signing/tickets/ticket-store.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { signingCommands } from '#schemas/commands/signing.ts';

/** Their own, and their organisation's; a device of somebody for whom they decide is that person's matter. */
const isTheirs = (
  { unitIds }: Powers,
  { staffId, unitId }: Pick<TicketRow, 'staffId' | 'unitId'>,
  by: string,
): boolean => staffId === by || (unitId !== null && unitIds.includes(unitId));

/** What people do about a device of theirs that is in trouble. Somebody else's ticket looks like one that is not there. */
export const ticketActions = (context: TicketContext) => {
  const { db, call } = context;
  const demandTheirs = async (id: string, by: string): Promise<TicketRow> => {
    const ticket = await findTicket(db, id);
    if (ticket === undefined || !isTheirs(await powersOf(context, by), ticket, by))
      throw new AppError('unknown-signing-ticket');
    return ticket;
  };
  return {
    'signing.services': ({ staffId }: { staffId: string }) => showServices(context, staffId),
    /** @throws AppError `not-found`: they have nothing there */
    'signing.report-broken': async (
      given: ParamsOf<(typeof signingCommands)['signing.report-broken']>,
    ): Promise<{ ticketId: string }> => {
      const { staffId: by, unitId, service, note } = given;
      const holder = unitId === undefined ? { staffId: by, unitId: null } : { staffId: null, unitId };
      const route = (await listRoutes(db)).find(({ id }) => id === service);
      if (
        route === undefined ||
        !isTheirs(await powersOf(context, by), holder, by) ||
        (await lookAt(context, { route, holder })) === undefined
      )
        throw new AppError('not-found');
      const ticket = await openTicket(context, {
        ...{ holder, routeId: service, kind: 'reported-broken' },
        ...{ note: note ?? null, actor: `staff/${by}` },
      });
      return { ticketId: ticket.id };
    },
    /** @throws AppError `conflict`: something else would serve by now; as `key-service.create-temporary` */
    'signing.agree': async (given: ParamsOf<(typeof signingCommands)['signing.agree']>): Promise<void> => {
      const { staffId: by, ticketId, to, pin, factorAt } = given;
      const ticket = await demandTheirs(ticketId, by);
      if (ticket.closedAt !== null) throw new AppError('conflict');
      const { staffId, unitId, routeId } = ticket;
      const { detour } = await findWay(context, { staffId, unitId }, { broken: routeId });
      if (detour?.to?.id !== to || detour.instead.id !== routeId) throw new AppError('conflict');
      if (detour.temporary !== 'offered') return agree(context, ticket, { toRoute: to, by });
      const { credentialId } = await call('key-service.create-temporary', {
        ...{ staffId: by, pin: pin ?? '', days: detour.to.rules.temporaryDays! },
        ...(factorAt === undefined ? {} : { factorAt }),
      });
      return agree(context, ticket, { toRoute: to, by, temporaryId: credentialId });
    },
    'signing.look-again': async ({ staffId, ticketId }: { staffId: string; ticketId: string }) => {
      const ticket = await demandTheirs(ticketId, staffId);
      const isOver = ticket.closedAt !== null || (await lookAgain(context, ticket, staffId));
      // Another look may have closed it at the same moment.
      return { closed: isOver || (await findTicket(db, ticketId))?.closedAt != null };
    },
  };
};
