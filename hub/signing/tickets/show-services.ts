import type { PartContext } from '#hub/platform/part.ts';
import { powersOf } from '#hub/signing/may-decide.ts';
import { listRoutes, type SigningRoute } from '#hub/signing/route-store.ts';
import { showDetour, showService } from '#hub/signing/show-detour.ts';
import { findWay } from '#hub/signing/signers/find-way.ts';
import type { HeldKeys } from '#hub/signing/signers/held-keys.ts';
import { lookAt } from '#hub/signing/signers/look-at.ts';
import { mayServe } from '#hub/signing/signers/may-serve.ts';
import { openTicketsOf } from '#hub/signing/tickets/ticket-store.ts';
import type { SigningService } from '#schemas/signing-trouble.ts';

type Context = Pick<PartContext, 'db' | 'call'> & { keys: HeldKeys };

const servicesOf = async (
  context: Context,
  holder: SigningService['holder'],
  routes: SigningRoute[],
): Promise<SigningService[]> => {
  const { db, keys } = context;
  const asked = {
    staffId: 'staffId' in holder ? holder.staffId : null,
    unitId: 'unitId' in holder ? holder.unitId : null,
  };
  const tickets = await openTicketsOf(db, asked);
  const shown = await Promise.all(
    routes
      .filter(route => mayServe(route, asked))
      .map(async (route): Promise<SigningService[]> => {
        const ticket = tickets.find(({ routeId }) => routeId === route.id);
        if (ticket === undefined && (await lookAt({ db, keys }, { route, holder: asked })) === undefined)
          return [];
        const { detour } = await findWay(context, asked, { broken: route.id });
        const agreedTo = routes.find(({ id }) => id === ticket?.toRoute);
        return [
          {
            holder,
            service: showService(route),
            ...(ticket && {
              ticket: {
                ...{ id: ticket.id, kind: ticket.kind, openedAt: ticket.openedAt.toISOString() },
                ...(agreedTo && { agreedTo: showService(agreedTo) }),
              },
            }),
            ...(detour?.instead.id === route.id ? showDetour(detour) : {}),
          },
        ];
      }),
  );
  return shown.flat();
};

/** Where a person has keys, and of a clerk where their organisation has; with what is wrong there, and what could serve instead. */
export const showServices = async (context: Context, staffId: string): Promise<SigningService[]> => {
  const { db, call } = context;
  const [{ unitIds }, person, routes] = await Promise.all([
    powersOf(context, staffId),
    call('staff.get', { id: staffId }),
    listRoutes(db),
  ]);
  const units = unitIds.length === 0 ? [] : await call('units.latest', {});
  const holders: SigningService['holder'][] = [
    { staffId, name: person.name },
    ...unitIds.map(unitId => ({ unitId, name: units.find(({ id }) => id === unitId)?.name ?? '' })),
  ];
  return (await Promise.all(holders.map(holder => servicesOf(context, holder, routes)))).flat();
};
