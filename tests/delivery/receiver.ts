import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the receiver read it. */
export interface Received {
  id: string;
  subject: string;
  sequence: number;
  type: string;
  data: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  body: string;
}
/** How it answers: a status, or what it does with the response itself. */
export type Behaviour = (
  received: Received,
) => number | ((response: ServerResponse) => void) | Promise<number>;

/** A subscriber on a real socket. */
export interface Receiver {
  url: string;
  /** Everything that it took, in the order of arrival: answered 2xx. */
  taken: Received[];
  /** Everything that arrived. */
  arrived: Received[];
  behave(behaviour: Behaviour): void;
  /** Closes its port; `up` opens the same one again. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Verifies after the words of Standard Webhooks, with nothing of the hub's code. */
export const verify = (secret: string, { headers, body }: Pick<Received, 'headers' | 'body'>): boolean => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = createHmac('sha256', key).update(text).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`);
};

export const startReceiver = async (): Promise<Receiver> => {
  const taken: Received[] = [];
  const arrived: Received[] = [];
  let behaviour: Behaviour = () => 204;
  const make = () =>
    createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = Buffer.concat(parts).toString('utf8');
      const event = JSON.parse(body);
      const received: Received = {
        id: event.id,
        subject: event.subject,
        sequence: Number(event.sequence),
        type: event.type,
        data: event.data,
        headers: request.headers,
        body,
      };
      arrived.push(received);
      const answer = await behaviour(received);
      if (typeof answer === 'function') return answer(response);
      if (answer >= 200 && answer < 300) taken.push(received);
      response.writeHead(answer).end();
    });
  let server = make().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const down = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    taken,
    arrived,
    behave(how) {
      behaviour = how;
    },
    down,
    async up() {
      server = make().listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    stop: down,
  };
};

/** Fails unless, within each subject, what is seen for the first time comes in order. */
export const assertInOrder = (received: Received[]): void => {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  for (const { id, subject, sequence } of received) {
    if (seen.has(id)) continue;
    seen.add(id);
    assert.ok(sequence > (last.get(subject) ?? 0), `${subject}: ${sequence} after ${last.get(subject)}`);
    last.set(subject, sequence);
  }
};
