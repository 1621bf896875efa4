import { type Static, Type } from 'typebox';

/** How an app reaches the event log in NATS. */
export const NatsConnectionDetails = Type.Object({
  servers: Type.Array(Type.String(), { description: 'host:port' }),
  domain: Type.String({
    description: 'JetStream domain to name in the client: its API begins with $JS.<domain>.API.',
  }),
  stream: Type.String({ description: 'The stream of the app: whole facts, as its entitlement shows them.' }),
  consumer: Type.String({
    description: 'The durable pull consumer on it; the hub makes it, and makes it again.',
  }),
  subjects: Type.String({ description: 'What the subjects of its stream begin with.' }),
  notices: Type.Array(Type.String(), {
    description: 'Subjects of notices (ids and names of changed attributes) to listen to without JetStream.',
  }),
});
export type NatsConnectionDetails = Static<typeof NatsConnectionDetails>;

const moment = Type.String({ format: 'date-time' });

/** An app's access as it stands. */
export const NatsState = Type.Object({
  ...NatsConnectionDetails.properties,
  enabled: Type.Boolean(),
  users: Type.Array(
    Type.Object({
      user: Type.String(),
      createdAt: moment,
      expiresAt: Type.Union([moment, Type.Null()]),
    }),
  ),
});
export type NatsState = Static<typeof NatsState>;
