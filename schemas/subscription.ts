import { type Static, Type } from 'typebox';

const Moment = Type.String({ format: 'date-time' });
const Url = Type.String({ maxLength: 2000, description: 'http or https, without user name or password' });
const Types = Type.Array(Type.String({ maxLength: 100 }), {
  minItems: 1,
  maxItems: 50,
  description: 'Names (`staff.joined`) or whole types; absent: all that the app may see',
});
const Signatures = Type.Array(Type.String({ enum: ['v1', 'v1a'] }), {
  minItems: 1,
  maxItems: 2,
  uniqueItems: true,
  description: '`v1`: HMAC-SHA-256 (default); `v1a`: Ed25519',
});

/** How a subscription is ordered (Standard Webhooks 1.0). */
export const NewSubscription = Type.Object(
  {
    app: Type.Optional(Type.String({ description: 'Whose; absent: the app of the client that asks' })),
    url: Url,
    description: Type.Optional(Type.String({ maxLength: 500 })),
    types: Type.Optional(Types),
    from: Type.Optional(
      Type.String({
        maxLength: 200,
        description: '`latest` (default), `beginning`, a cursor of the log or an ISO time',
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 64, description: 'Requests at once: 8 when absent' }),
    ),
    rate: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Requests a second' })),
    contact: Type.Optional(
      Type.String({ format: 'email', maxLength: 200, description: 'Told by mail when it is disabled' }),
    ),
    signatures: Type.Optional(Signatures),
  },
  { additionalProperties: false },
);
export type NewSubscription = Static<typeof NewSubscription>;

/** What may be changed later; null takes back a limit. */
export const SubscriptionChange = Type.Object(
  {
    url: Type.Optional(Url),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    types: Type.Optional(Type.Union([Types, Type.Null()])),
    concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    rate: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Null()])),
    contact: Type.Optional(Type.Union([Type.String({ format: 'email', maxLength: 200 }), Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type SubscriptionChange = Static<typeof SubscriptionChange>;

/** A subscription as it is shown: where it stands and how its receiver answers. Secrets never. */
export const Subscription = Type.Object({
  id: Type.String({ format: 'uuid' }),
  app: Type.String(),
  url: Type.String(),
  description: Type.String(),
  types: Type.Union([Type.Array(Type.String()), Type.Null()]),
  state: Type.String({ enum: ['active', 'paused', 'disabled'] }),
  disabledReason: Type.Optional(
    Type.String({
      enum: ['gone', 'failing'],
      description: '`gone`: it answered 410; `failing`: for five days',
    }),
  ),
  concurrency: Type.Integer(),
  rate: Type.Union([Type.Integer(), Type.Null()]),
  contact: Type.Union([Type.String(), Type.Null()]),
  signatures: Type.Array(Type.String()),
  /** Ed25519, `whpk_` and base64; while a key is rotated out, both. */
  publicKeys: Type.Array(Type.String()),
  /** Where it stands in the log: a cursor of the log. */
  cursor: Type.String(),
  /** Age in seconds of the oldest fact that is not dealt with; 0 at the end of the log. */
  lag: Type.Number(),
  parked: Type.Integer(),
  dead: Type.Integer(),
  /** Held: ten failures in a row; only one request at a time tries whether it is back. */
  held: Type.Boolean(),
  replaying: Type.Boolean(),
  failingSince: Type.Optional(Moment),
  lastSuccessAt: Type.Optional(Moment),
  lastError: Type.Optional(
    Type.Object({ at: Moment, code: Type.String(), status: Type.Optional(Type.Integer()) }),
  ),
  createdAt: Moment,
  createdBy: Type.String(),
});
export type Subscription = Static<typeof Subscription>;

/** One request to a subscriber and what came of it. */
export const DeliveryAttempt = Type.Object({
  id: Type.String({ format: 'uuid' }),
  eventId: Type.String({ format: 'uuid' }),
  type: Type.String(),
  subject: Type.String(),
  at: Moment,
  outcome: Type.String({ enum: ['delivered', 'failed'] }),
  status: Type.Optional(Type.Integer()),
  errorCode: Type.Optional(Type.String()),
  durationMs: Type.Integer(),
  /** 1 the first. */
  attempt: Type.Integer(),
  /** The subscriber may have had this event before. */
  repeat: Type.Boolean(),
  /** The first 1,000 characters of what it answered. */
  answer: Type.Optional(Type.String()),
});
export type DeliveryAttempt = Static<typeof DeliveryAttempt>;
