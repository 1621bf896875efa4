import { AppError } from '#hub/platform/errors.ts';
import { nameOfRoute } from '#hub/signing/route-store.ts';
import { findWay } from '#hub/signing/signers/find-way.ts';
import type { Asked } from '#hub/signing/signers/may-serve.ts';
import type { ChosenKey } from '#hub/signing/step-store.ts';
import { agree } from '#hub/signing/tickets/agree.ts';
import { closeTicket, recovered } from '#hub/signing/tickets/close-ticket.ts';
import { openTicket, type TicketContext } from '#hub/signing/tickets/open-ticket.ts';
import type { Agreement } from '#schemas/signing-trouble.ts';

/**
 * The key that a step is to be signed with: of the first service that may serve it and where the holder has one. When that service
 * cannot, a ticket is opened, and the next one serves once the holder agreed to it: nobody's signature comes from elsewhere without
 * their word.
 *
 * @throws AppError `no-signing-key`; `signing-service-unavailable`: a service that may have one does not answer;
 * `signing-consent-needed`; `signing-temporary-offered`, `signing-temporary-requested`: there is no key at the next service yet
 */
export const chooseKey = async (
  context: Pick<TicketContext, 'db' | 'keys' | 'wake'>,
  step: Asked,
  { by, agreements = [] }: { by: string; agreements?: Agreement[] | undefined },
): Promise<ChosenKey> => {
  const { key, detour, over, away } = await findWay(context, step, { fresh: true });
  if (over !== undefined && !(await closeTicket(context, over, { actor: 'system', why: recovered })))
    // Somebody reported it, or closed it, since it was looked at: what is to be done now hangs on that.
    return chooseKey(context, step, { by, agreements });
  if (detour === undefined) {
    if (key === undefined) throw new AppError('no-signing-key');
    return key;
  }
  const { instead, kind, to, temporary } = detour;
  // A service that is away and has no other beside it is asked again the next time.
  const isHopeless = to === undefined && kind === 'service-unavailable';
  const ticket =
    detour.ticket ??
    (isHopeless
      ? undefined
      : await openTicket(context, { holder: step, routeId: instead.id, kind, actor: 'system' }));
  if (to === undefined) {
    if (away !== undefined) throw away;
    if (isHopeless)
      throw new AppError('signing-service-unavailable', { route: instead.id, code: 'unavailable' });
    throw new AppError('no-signing-key');
  }
  const names = { instead: nameOfRoute(instead), to: nameOfRoute(to) };
  if (temporary !== undefined) throw new AppError(`signing-temporary-${temporary}`, names);
  if (key === undefined) throw new AppError('no-signing-key');
  if (ticket!.toRoute === to.id) return key;
  if (!agreements.some(one => one.instead === instead.id && one.to === to.id))
    throw new AppError('signing-consent-needed', names);
  await agree(context, ticket!, { toRoute: to.id, by });
  return key;
};
