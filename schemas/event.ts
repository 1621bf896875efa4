import { type Static, Type } from 'typebox';

/** Every event type of the hub, without the prefix `vn.lienthong.` and the suffix `.v1`. */
export const eventNames = [
  'staff.joined',
  'staff.updated',
  'staff.moved',
  'staff.suspended',
  'staff.returned',
  'staff.left',
  'position.assigned',
  'position.ended',
  'salary.changed',
  'award.granted',
  'discipline.recorded',
  'unit.created',
  'unit.updated',
  'unit.merged',
  'unit.closed',
  'account.created',
  'account.updated',
  'account.disabled',
  'account.failed',
  'account.disputed',
  'session.started',
  'session.ended',
  'signing.received',
  'signing.signed',
  'signing.returned',
  'signing.refused',
  'signing.cancelled',
  'signing.expired',
  'signing.failed',
  'signing.ticket-opened',
  'signing.ticket-closed',
  'document.sent',
  'document.received',
  'document.status-changed',
  'document.undeliverable',
  'document.quarantined',
] as const;
export type EventName = (typeof eventNames)[number];

/** The type as it travels: `vn.lienthong.staff.joined.v1`. */
export const eventType = (name: EventName): string => `vn.lienthong.${name}.v1`;

/** A fact about to be written. `subject` is `staff/<uuid>`, `unit/<uuid>`, `account/<app>/<uuid>`, `session/<id>`, `signing/<uuid>`, `signing-ticket/<uuid>`, `document/<uuid>` or `document-quarantine/<uuid>`. */
export const NewEvent = Type.Object({
  type: Type.String(),
  subject: Type.String(),
  subjectVersion: Type.Integer({ minimum: 1 }),
  source: Type.String(),
  actor: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type NewEvent = Static<typeof NewEvent>;

/** A fact as read back from the log. */
export type Event = NewEvent & { position: number; xid: string; id: string; at: Date };
