import { inTransaction } from '#hub/platform/database.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { listRoutes } from '#hub/signing/route-store.ts';
import type { HeldKeys } from '#hub/signing/signers/held-keys.ts';
import type { Holder } from '#hub/signing/signers/signer.ts';
import { hasService } from '#hub/signing/signers/signer-of.ts';
import { serialOf } from '#hub/signing/signers/usable-key.ts';
import { tellTicket, traceTicket } from '#hub/signing/tickets/tell-ticket.ts';
import {
  becomeBroken,
  insertTicket,
  openTicketsOf,
  type TicketRow,
} from '#hub/signing/tickets/ticket-store.ts';
import type { TroubleKind } from '#schemas/signing-trouble.ts';

export type TicketContext = Pick<PartContext, 'db' | 'call' | 'wake'> & { keys: HeldKeys };

/** What the holder has at the service now; null: it does not tell. */
const serialsAt = async (
  { db, keys }: Pick<TicketContext, 'db' | 'keys'>,
  routeId: string,
  holder: Holder,
): Promise<string[] | null> => {
  const route = (await listRoutes(db)).find(({ id }) => id === routeId)!;
  if (!hasService(route)) return null;
  keys.forget(route, holder);
  const held = await keys.of(route, holder).catch(() => null);
  return held === null ? null : (held?.credentials ?? []).map(serialOf);
};

/**
 * Opens a ticket, or answers the one that is open: there is one at most for each holder and service, however many nodes
 * find the trouble. A report that a device is broken takes the place of what the hub noticed by itself.
 */
export const openTicket = async (
  context: Pick<TicketContext, 'db' | 'keys' | 'wake'>,
  {
    holder: { staffId, unitId },
    routeId,
    kind,
    note = null,
    actor,
    requestId,
  }: {
    holder: Holder;
    routeId: string;
    kind: TroubleKind;
    note?: string | null;
    actor: string;
    requestId?: string;
  },
): Promise<TicketRow> => {
  const { db, wake } = context;
  const holder = { staffId, unitId };
  const isReport = kind === 'reported-broken';
  const known = isReport ? await serialsAt(context, routeId, holder) : null;
  const ticket = await inTransaction(db, async tx => {
    const row = { ...holder, routeId, kind, known, note, openedBy: actor };
    const made = await insertTicket(tx, row);
    if (made !== undefined) {
      await tellTicket(tx, made, { change: 'opened', actor, requestId });
      return made;
    }
    const open = (await openTicketsOf(tx, holder)).find(one => one.routeId === routeId);
    if (open === undefined || !isReport || !(await becomeBroken(tx, open.id, { known, note }))) return open;
    const broken = { ...open, kind, known };
    await traceTicket(tx, broken, 'ticket-reported', { actor, requestId });
    return broken;
  });
  wake.notify('events');
  // It was closed at the same moment: what is wrong now begins anew.
  return (
    ticket ?? openTicket(context, { holder, routeId, kind, note, actor, ...(requestId ? { requestId } : {}) })
  );
};
