import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { env, stdout } from 'node:process';
import { type HubEvent, openEventStore } from './event-store.ts';

// Takes the webhooks of Liên Thông. Needs Node 24 and nothing else:
//   WEBHOOK_SECRET=whsec_… PORT=9000 EVENTS_FILE=events.ndjson node receive-webhooks.ts

const { WEBHOOK_SECRET = '', PORT = '9000', HOST, EVENTS_FILE = 'events.ndjson' } = env;
const secret = Buffer.from(WEBHOOK_SECRET.replace('whsec_', ''), 'base64');
if (secret.length < 24) throw new Error('WEBHOOK_SECRET must be the whsec_… of the subscription');
const store = openEventStore(EVENTS_FILE);
const maxBytes = 1_000_000;
const toleranceSeconds = 300;

/** Reads the body as the bytes that were signed; undefined when it is too long. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Whether the hub has signed this body, and not long ago (Standard Webhooks, `v1`). */
const isSigned = (headers: IncomingMessage['headers'], body: Buffer): boolean => {
  const id = String(headers['webhook-id'] ?? '');
  const timestamp = String(headers['webhook-timestamp'] ?? '');
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  // Who has recorded an old request cannot send it again.
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64');
  const expected = Buffer.from(`v1,${digest}`);
  // While the secret is being changed there are two signatures: one that fits is enough.
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .map(signature => Buffer.from(signature))
    .some(signature => signature.length === expected.length && timingSafeEqual(signature, expected));
};

const answer = async (request: IncomingMessage): Promise<number> => {
  if (request.method !== 'POST') return 405;
  const body = await readBody(request);
  if (body === undefined) return 413;
  if (!isSigned(request.headers, body)) return 401;
  const event = JSON.parse(body.toString('utf8')) as HubEvent;
  const isNew = store.take([event]).length > 0;
  stdout.write(`${isNew ? 'took' : 'had'} ${event.type} ${event.subject} ${event.id}\n`);
  // Only now: the hub sends no event again after a 2xx.
  return 204;
};

const server = createServer((request, response) => {
  void answer(request)
    .catch((error: Error) => {
      // A 5xx: the hub tries again later.
      stdout.write(`failed: ${error.message}\n`);
      return 500;
    })
    .then(status => response.writeHead(status).end());
});
server.listen(Number(PORT), HOST, () => {
  const address = server.address();
  stdout.write(`listening on port ${typeof address === 'object' ? address?.port : address}\n`);
});
