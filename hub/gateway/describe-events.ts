import {
  eachEvent,
  eventSchemas,
  type Json,
  messageOf,
  otherMessage,
  ref,
  versionedNames,
} from '#hub/gateway/describe-messages.ts';

const http = (method: string, query?: Json): Json => ({
  http: { method, ...(query === undefined ? {} : { query }), bindingVersion: '0.3.0' },
});
const nats: Json = { nats: { bindingVersion: '0.1.0' } };
const text = (description: string): Json => ({ type: 'string', description });
const query = (properties: Json): Json => ({ type: 'object', properties });

const after = text(
  'A cursor (`next` of a page, `id` of the stream), `beginning`, `latest`, or a time in ISO 8601 with its zone',
);
const types = text('Comma list of names (`staff.joined`) or whole types; absent: all that the app may see');

const subject = text('Only events of this subject: `staff/<id>`');

const servers = (origin: string): Json => {
  const { host, protocol } = new URL(origin);
  return {
    hub: {
      host,
      protocol: protocol.slice(0, -1),
      description: 'The hub. Tokens: `POST /sso/token`, client credentials.',
      security: [ref('components', 'securitySchemes', 'oauth2')],
    },
    app: {
      host: '{host}',
      protocol: 'https',
      description: 'The app itself: the address that it gave when it subscribed.',
      variables: { host: { description: 'Host of the app, with its port' } },
      security: [ref('components', 'securitySchemes', 'signature')],
    },
    nats: {
      host: '{host}',
      protocol: 'nats',
      description: 'JetStream. Address, user and password: `PUT /api/v1/apps/{id}/nats`.',
      variables: { host: { description: 'As `servers` of that answer says' } },
      security: [ref('components', 'securitySchemes', 'nats')],
    },
  };
};

const channel = (server: string, address: string | null, title: string, more: Json): Json => ({
  address,
  title,
  servers: [ref('servers', server)],
  ...more,
});
const events = eachEvent(name => ref('components', 'messages', name));

const json = 'application/json';
const cloudEvent = 'application/cloudevents+json';
const natsParameters: Json = {
  type: { description: "The event's name and version", enum: versionedNames },
  subject: {
    description: "The event's `subject` with dots for slashes",
    examples: ['staff.0b0f5f0e-3c1b-4f43-9a57-6d1f5b8f2f10'],
  },
};

const channels: Json = {
  webhook: channel('app', null, 'Webhook', {
    description:
      'POST to the address of the subscription (`POST /api/v1/subscriptions`). A 2xx within 15 s is success; 410 ends the subscription; everything else is tried again for more than a day.',
    messages: {
      ...eachEvent(name => messageOf(name, 'WebhookHeaders')),
      test: otherMessage('Test', 'A test that was asked for: no fact', cloudEvent, 'WebhookHeaders'),
    },
  }),
  stream: channel('hub', '/api/v1/events/stream', 'Server-sent events', {
    description:
      'Each event: `id:` its cursor, `event:` its type, `data:` the message. `Last-Event-ID` goes on right behind it; an `id:` alone only moves that place.',
    messages: events,
  }),
  pages: channel('hub', '/api/v1/events', 'Pages', {
    description: 'The app keeps its own place and reads again from wherever it likes.',
    messages: { page: otherMessage('EventPage', 'The next events, and where to go on', json) },
  }),
  leases: channel('hub', '/api/v1/events/leases', 'Leases', {
    description:
      'The hub keeps the place of a consumer (`PUT /api/v1/events/consumers/{name}`). What is not acknowledged (`POST /api/v1/events/leases/{id}/acknowledge`) before the lease ends comes again.',
    messages: { lease: otherMessage('EventLease', 'Events that are ours until the lease ends', json) },
  }),
  jetstream: channel('nats', 'lienthong-app.{app}.{type}.{subject}', "The app's own JetStream stream", {
    description:
      'Read by the durable pull consumer that the hub makes; stream, consumer and domain: the answer of `PUT /api/v1/apps/{id}/nats`. The hub may build it anew at any time, with the same ids.',
    parameters: { app: { description: 'Id of the app' }, ...natsParameters },
    messages: eachEvent(name => messageOf(name, 'NatsHeaders')),
  }),
  notices: channel('nats', 'lienthong.{type}.{subject}', 'Notices without JetStream', {
    description:
      'For apps that only want to know that something happened. Not kept: who does not listen misses them. Only the subjects that the app was told may be listened to.',
    parameters: natsParameters,
    messages: {
      notice: otherMessage('Notice', 'What a fact is about, without any value', cloudEvent, 'NatsHeaders'),
    },
  }),
};

const receive = (of: string, summary: string, bindings: Json): Json => ({
  action: 'receive',
  channel: ref('channels', of),
  summary,
  bindings,
  messages: Object.keys((channels[of] as { messages: Json }).messages).map(name =>
    ref('channels', of, 'messages', name),
  ),
});

const operations: Json = {
  receiveWebhook: receive('webhook', 'Take an event that the hub posts', http('POST')),
  followStream: receive('stream', 'Follow the log live', http('GET', query({ after, types, subject }))),
  readPage: receive(
    'pages',
    'Read the log from a place of your own',
    http(
      'GET',
      query({
        after,
        types,
        subject,
        limit: {
          type: 'integer',
          minimum: 1,
          maximum: 500,
          description: 'How many at most; 100 when absent',
        },
        wait: {
          type: 'number',
          minimum: 0,
          maximum: 30,
          description: 'Seconds to wait when nothing is there',
        },
      }),
    ),
  ),
  takeLease: receive('leases', 'Borrow the next events of a consumer', http('POST')),
  consumeJetStream: receive('jetstream', 'Consume the stream of the app', nats),
  hearNotices: receive('notices', 'Hear that something happened', nats),
};

/**
 * AsyncAPI 3.0 of the event log, from the side of an app that subscribes: it receives, and `send` is the hub's. Every
 * channel carries the same facts with the same ids.
 */
export const describeEvents = (origin: string, version: string): Json => {
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Liên Thông: events',
      version,
      description:
        'CloudEvents 1.0 in structured JSON: at least once, in order for each subject, the same `id` at every repeat. An attribute that the app is not entitled to is absent. Within a version of a type only optional properties are added.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: servers(origin),
    channels,
    operations,
    components: {
      schemas: eventSchemas(),
      messages: eachEvent(name => messageOf(name)),
      securitySchemes: {
        oauth2: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: `${origin}/sso/token`,
              availableScopes: { 'events.read': 'Read the events that the app is entitled to' },
            },
          },
          scopes: ['events.read'],
        },
        signature: {
          type: 'httpApiKey',
          in: 'header',
          name: 'webhook-signature',
          description: 'No key is sent: the signature proves the sender, see WebhookHeaders.',
        },
        nats: { type: 'userPassword', description: 'User and password of that answer' },
      },
    },
  };
  // Once as text and back: schemas lose what is not JSON.
  return JSON.parse(JSON.stringify(document));
};
