import type { Database } from '#hub/platform/database.ts';
import { listRoutes, type SigningRoute } from '#hub/signing/route-store.ts';
import type { HeldKeys } from '#hub/signing/signers/held-keys.ts';
import { type KeyOrTrouble, lookAt } from '#hub/signing/signers/look-at.ts';
import { type Asked, mayServe } from '#hub/signing/signers/may-serve.ts';
import type { ChosenKey } from '#hub/signing/step-store.ts';
import { openTicketsOf, type TicketRow } from '#hub/signing/tickets/ticket-store.ts';
import type { TroubleKind } from '#schemas/signing-trouble.ts';

/** Another service than the usual one, which cannot serve now. */
interface RouteDetour {
  instead: SigningRoute;
  kind: TroubleKind;
  ticket?: TicketRow;
  /** Absent: no other service may serve. */
  to?: SigningRoute;
  /** The holder wants that. */
  agreed: boolean;
  /** There is no key at `to` yet: one may be made for the meantime, or was, and its certificate is waited for. */
  temporary?: 'offered' | 'requested';
}

/** How something can be signed now. */
export interface Way {
  key?: ChosenKey;
  detour?: RouteDetour;
  /** Of the key's service: it is well again. */
  over?: TicketRow;
  /** What the usual service failed with. */
  away?: unknown;
}

/** Whether a key may be made there for the meantime: for people, where the rules allow it, and they have none that works. */
const mayBeTemporary = (
  { kind, rules }: SigningRoute,
  { staffId }: Asked,
  look: KeyOrTrouble | undefined,
): boolean =>
  kind === 'embedded' &&
  rules.temporaryDays !== undefined &&
  staffId !== null &&
  (look === undefined || ('trouble' in look && look.trouble === 'certificate-expired'));

/** Whether a key was made for the meantime whose certificate has not come yet. */
const isAwaited = (ticket: TicketRow | undefined, look: KeyOrTrouble | undefined): boolean => {
  const listed = look !== undefined && 'trouble' in look ? look.listed : undefined;
  return !!ticket?.temporaryId && !listed?.includes(ticket.temporaryId);
};

/**
 * Of the services that may serve, in their order: the first where the holder has something is the usual one. When
 * it cannot serve, the next that can is a detour, and a key that they have there comes before one that would have to be made.
 * `broken`: as if that service's device had been reported. Changes nothing.
 */
export const findWay = async (
  { db, keys }: { db: Database; keys: HeldKeys },
  asked: Asked,
  { broken, fresh }: { broken?: string; fresh?: boolean } = {},
): Promise<Way> => {
  const holder = { staffId: asked.staffId, unitId: asked.unitId };
  const tickets = new Map((await openTicketsOf(db, holder)).map(ticket => [ticket.routeId, ticket]));
  let usual: (Pick<RouteDetour, 'instead' | 'kind'> & { ticket?: TicketRow; away?: unknown }) | undefined;
  let unmade: { to: SigningRoute; temporary: 'offered' | 'requested' } | undefined;
  const detour = (to?: SigningRoute, temporary?: RouteDetour['temporary']): RouteDetour | undefined => {
    if (usual === undefined) return undefined;
    const { away: _, ...rest } = usual;
    const agreed = to !== undefined && usual.ticket?.toRoute === to.id;
    return { ...rest, agreed, ...(to && { to }), ...(temporary && { temporary }) };
  };
  for (const route of (await listRoutes(db)).filter(one => mayServe(one, asked))) {
    const ticket = tickets.get(route.id);
    const supposed = route.id === broken ? ({ kind: 'reported-broken', known: null } as const) : undefined;
    const look = await lookAt(
      { db, keys },
      { route, holder, format: asked.format, ticket: ticket ?? supposed, fresh },
    );
    if (look !== undefined && 'key' in look) {
      const round = detour(route);
      return { key: look.key, ...(round && { detour: round }), ...(ticket && { over: ticket }) };
    }
    if (usual !== undefined && mayBeTemporary(route, asked, look))
      unmade ??= { to: route, temporary: isAwaited(usual.ticket, look) ? 'requested' : 'offered' };
    if (look !== undefined)
      usual ??= { instead: route, kind: look.trouble, ...(ticket && { ticket }), away: look.error };
  }
  const round = detour(unmade?.to, unmade?.temporary);
  return { ...(round && { detour: round }), ...(usual?.away === undefined ? {} : { away: usual.away }) };
};
