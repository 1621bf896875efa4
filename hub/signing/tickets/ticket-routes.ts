import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { listRoutes } from '#hub/signing/route-store.ts';
import { closeTicket } from '#hub/signing/tickets/close-ticket.ts';
import { openTicket, type TicketContext } from '#hub/signing/tickets/open-ticket.ts';
import { findTicket, pageOfTickets, type TicketRow } from '#hub/signing/tickets/ticket-store.ts';
import { type TroubleKind, troubleKinds } from '#schemas/signing-trouble.ts';

const common = { tag: 'signing', scope: 'admin' } as const;
const Uuid = Type.String({ format: 'uuid' });
const Time = Type.String({ format: 'date-time' });
const path = '/api/v1/signing/tickets';
const Holder = Type.Union([
  Type.Object({ staffId: Uuid }, { additionalProperties: false }),
  Type.Object({ unitId: Uuid }, { additionalProperties: false }),
]);

const Ticket = Type.Object({
  id: Uuid,
  holder: Holder,
  route: Type.String({ description: 'The signing service that is not asked' }),
  kind: Type.Unsafe<TroubleKind>({ type: 'string', enum: [...troubleKinds] }),
  note: Type.Optional(Type.String()),
  openedBy: Type.String({ description: '`system`: the hub noticed it by itself' }),
  openedAt: Time,
  agreedTo: Type.Optional(Type.String({ description: 'What the holder agreed to sign with meanwhile' })),
  agreedAt: Type.Optional(Time),
  temporaryCredential: Type.Optional(
    Type.String({
      description: 'A key made for the meantime; its request is at `/credentials/{id}/request`',
    }),
  ),
  closedBy: Type.Optional(Type.String()),
  closedAt: Type.Optional(Time),
  closedWhy: Type.Optional(
    Type.String({
      description: '`recovered`: there is a usable certificate again; otherwise the reason given',
    }),
  ),
});

/** Pure. */
const showTicket = (row: TicketRow) => ({
  id: row.id,
  holder: row.staffId === null ? { unitId: row.unitId! } : { staffId: row.staffId },
  route: row.routeId,
  kind: row.kind,
  ...(row.note === null ? {} : { note: row.note }),
  openedBy: row.openedBy,
  openedAt: row.openedAt.toISOString(),
  ...(row.toRoute === null ? {} : { agreedTo: row.toRoute, agreedAt: row.consentedAt!.toISOString() }),
  ...(row.temporaryId === null ? {} : { temporaryCredential: row.temporaryId }),
  ...(row.closedAt === null
    ? {}
    : { closedBy: row.closedBy!, closedAt: row.closedAt.toISOString(), closedWhy: row.closedWhy! }),
});

/** `/api/v1/signing/tickets`: whose signing device or service is in trouble. */
export const ticketRoutes = (context: TicketContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path,
    summary: 'Signing devices and services in trouble, newest first',
    query: Type.Object({
      open: Type.Optional(Type.String({ enum: ['true', 'false'] })),
      staffId: Type.Optional(Uuid),
      unitId: Type.Optional(Uuid),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      cursor: Type.Optional(Type.String({ maxLength: 500 })),
    }),
    answer: Type.Object({ items: Type.Array(Ticket), next: Type.Optional(Type.String()) }),
    async handle({ query }) {
      const limit = Number(query.limit ?? 100);
      const rows = await pageOfTickets(context.db, {
        open: query.open === undefined ? undefined : query.open === 'true',
        staffId: query.staffId,
        unitId: query.unitId,
        before: decodeCursor(query.cursor, ['string', 'string']) as [string, string] | undefined,
        limit: limit + 1,
      });
      const page = toPage(rows, limit, ({ key, id }) => [key, id]);
      return { ...page, items: page.items.map(showTicket) };
    },
  },
  {
    ...common,
    method: 'POST',
    path,
    summary:
      'Notes that a signing device is broken or lost: its service is not asked until another certificate is there',
    description: 'One for each holder and service: when one is open, it is answered.',
    body: Type.Object(
      {
        holder: Holder,
        route: Type.String({ maxLength: 60 }),
        note: Type.Optional(Type.String({ maxLength: 500 })),
      },
      { additionalProperties: false },
    ),
    status: 201,
    answer: Ticket,
    async handle({ body, caller, requestId }) {
      const { holder, route, note } = body as {
        holder: { staffId?: string; unitId?: string };
        route: string;
        note?: string;
      };
      if (!(await listRoutes(context.db)).some(({ id }) => id === route))
        throw new AppError('invalid-request', {}, { faults: [{ pointer: '/route', code: 'unknown-route' }] });
      const ticket = await openTicket(context, {
        holder: { staffId: holder.staffId ?? null, unitId: holder.unitId ?? null },
        ...{ routeId: route, kind: 'reported-broken', note: note ?? null },
        ...{ actor: actorOf(caller), requestId },
      });
      return showTicket(ticket);
    },
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/{id}/close`,
    summary: 'Closes it by hand: the service is asked again as it is',
    params: Type.Object({ id: Uuid }),
    body: Type.Object(
      { reason: Type.String({ minLength: 1, maxLength: 500 }) },
      { additionalProperties: false },
    ),
    answer: Ticket,
    async handle({ params, body, caller, requestId }) {
      const ticket = await findTicket(context.db, params.id!);
      if (ticket === undefined) throw new AppError('unknown-signing-ticket');
      const { reason } = body as { reason: string };
      await closeTicket(context, ticket, { actor: actorOf(caller), why: reason, requestId });
      return showTicket((await findTicket(context.db, ticket.id))!);
    },
  },
];
