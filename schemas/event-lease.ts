import { type Static, Type } from 'typebox';
import { CloudEvent } from '#schemas/cloud-event.ts';

const Moment = Type.String({ format: 'date-time' });

/** Part of the log as the reader may see it. */
export const EventPage = Type.Object({
  items: Type.Array(CloudEvent),
  next: Type.String({ description: 'Where to go on: give it as after. There on an empty page too.' }),
  more: Type.Optional(
    Type.Boolean({
      description: 'The log is known to go on: ask again at once. May come with an empty page.',
    }),
  ),
});
export type EventPage = Static<typeof EventPage>;

/** The name of a consumer, chosen by the app; another app may use the same. */
export const ConsumerName = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' });

/** A place: `beginning`, `latest` (only what comes from now on), a cursor, or a time in ISO 8601 with its zone. */
export const EventPlace = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'beginning, latest, a cursor, or a time in ISO 8601 with its zone (2026-03-01T00:00:00Z)',
});

/** A place in the log that the hub keeps for an app. */
export const EventConsumer = Type.Object({
  name: ConsumerName,
  /** Only these types; absent: all that the app may see. */
  types: Type.Optional(Type.Array(Type.String())),
  place: Type.String({ description: 'A cursor: everything up to here is acknowledged.' }),
  movedAt: Moment,
  waiting: Type.Integer({ description: 'Events that the app may see and has not acknowledged.' }),
  waitingMore: Type.Optional(Type.Boolean({ description: 'There may be more than were counted.' })),
  oldestWaitingAt: Type.Optional(Moment),
  /** The lease under way. */
  lease: Type.Optional(Type.Object({ id: Type.String({ format: 'uuid' }), expiresAt: Moment })),
});
export type EventConsumer = Static<typeof EventConsumer>;

/** Events handed to one worker until `expiresAt`. Without `id` nothing was there, and nothing is leased. */
export const EventLease = Type.Object({
  id: Type.Optional(Type.String({ format: 'uuid' })),
  consumer: ConsumerName,
  items: Type.Array(CloudEvent),
  expiresAt: Type.Optional(Moment),
  more: Type.Optional(Type.Boolean({ description: 'Nothing yet, but the log goes on: ask again at once.' })),
});
export type EventLease = Static<typeof EventLease>;

/** A lease after it was extended, or acknowledged in part or whole. */
export const LeaseState = Type.Object({
  consumer: ConsumerName,
  place: Type.String({ description: 'A cursor: everything up to here is acknowledged.' }),
  /** Absent when nothing is leased any more. */
  expiresAt: Type.Optional(Moment),
});
export type LeaseState = Static<typeof LeaseState>;
