import { CloudEvent } from '#schemas/cloud-event.ts';
import { eventData, type VersionedName } from '#schemas/event-data.ts';
import { EventLease, EventPage } from '#schemas/event-lease.ts';

/** A part of an AsyncAPI document or a JSON Schema: plain data. */
export type Json = Record<string, unknown>;

export const ref = (...path: string[]): Json => ({ $ref: `#/${path.join('/')}` });

/** Every event's name and version: the keys of messages and schemas. */
export const versionedNames = Object.keys(eventData) as VersionedName[];

const typePrefix = 'vn.lienthong.';
const titleOf = (name: VersionedName): string => (eventData[name] as { title?: string }).title ?? name;
const schema = (name: string): Json => ref('components', 'schemas', name);

/** Something for every event, by its name. */
export const eachEvent = (make: (name: VersionedName) => Json): Record<string, Json> =>
  Object.fromEntries(versionedNames.map(name => [name, make(name)]));

/** A message is one event; with `headers`, those that its channel adds. */
export const messageOf = (name: VersionedName, headers?: string): Json => ({
  name: typePrefix + name,
  title: titleOf(name),
  contentType: 'application/cloudevents+json',
  ...(headers === undefined ? {} : { headers: schema(headers) }),
  correlationId: {
    description: 'Equal at every repeat and on every channel',
    location: '$message.payload#/id',
  },
  payload: schema(name),
});

const WebhookHeaders: Json = {
  type: 'object',
  description: 'Standard Webhooks 1.0',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: "The event's `id`" },
    'webhook-timestamp': {
      type: 'string',
      pattern: '^\\d+$',
      description:
        'Seconds since 1970 when this attempt was signed: refuse what is more than five minutes off',
    },
    'webhook-signature': {
      type: 'string',
      description:
        'One or more with a space between, of `<webhook-id>.<webhook-timestamp>.<body>`: `v1,` and a base64 HMAC-SHA256, `v1a,` and a base64 ed25519 signature',
    },
  },
};

const NatsHeaders: Json = {
  type: 'object',
  properties: { 'Nats-Msg-Id': { type: 'string', description: "The event's `id`" } },
};

const Events: Json = { type: 'array', items: { anyOf: versionedNames.map(schema) } };

/** An answer with events in it, where each event is described by its type. */
const withEvents = (answer: { properties: Json }): Json => ({
  ...answer,
  properties: { ...answer.properties, items: schema('Events') },
});

const ofType = (type: string, data: Json): Json => ({
  allOf: [schema('CloudEvent'), { type: 'object', properties: { type: { const: type }, data } }],
});

/** What everybody may hear of a fact: what it is about, and which basic attributes changed. */
const notice: Json = {
  type: 'object',
  required: ['notice'],
  properties: {
    notice: { const: true },
    ...Object.fromEntries(
      ['staffId', 'unitId', 'successorId'].map(id => [id, { type: 'string', format: 'uuid' }]),
    ),
    app: { type: 'string' },
    changed: { type: 'array', items: { type: 'string' }, description: 'Names, no values' },
  },
};

/** A message that is no fact of one type: its schema is `components.schemas[name]`. */
export const otherMessage = (name: string, title: string, contentType: string, headers?: string): Json => ({
  name,
  title,
  contentType,
  ...(headers === undefined ? {} : { headers: schema(headers) }),
  payload: schema(name),
});

/** The envelope that every event shares, narrowed to this type and its `data`. */
const eventSchema = (name: VersionedName): Json => ({
  title: titleOf(name),
  ...ofType(typePrefix + name, schema(`${name}.data`)),
});

/** `components.schemas`: the envelope, each event, each event's data, and what channels put around them. */
export const eventSchemas = (): Record<string, unknown> => ({
  CloudEvent,
  ...eachEvent(eventSchema),
  ...Object.fromEntries(versionedNames.map(name => [`${name}.data`, eventData[name]])),
  Test: ofType(`${typePrefix}test.v1`, { type: 'object' }),
  Notice: { allOf: [schema('CloudEvent'), { type: 'object', properties: { data: notice } }] },
  Events,
  EventPage: withEvents(EventPage),
  EventLease: withEvents(EventLease),
  WebhookHeaders,
  NatsHeaders,
});
