import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { percentile } from '#bench/support/figure.ts';

// A process of its own that plays many subscribers and notes how long after its commit each event arrived.

/** What this process is told when it starts, as JSON in its first argument. */
export interface Orders {
  origin: string;
  token: string;
  streams: number;
  pulls: number;
  nats: NatsAccess[];
}
/** As `PUT /api/v1/apps/{id}/nats` answers. */
export interface NatsAccess {
  servers: string[];
  user: string;
  password: string;
  domain: string;
  stream: string;
  consumer: string;
}
/** What a channel has seen since the last report. */
export interface Arrivals {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

const { origin, token, streams, pulls, nats } = JSON.parse(process.argv[2]!) as Orders;
const headers = { authorization: `Bearer ${token}` };
const delays = new Map<string, number[]>();
let bodies: string[] | undefined;

/** Notes every event in a text. By its time alone: parsing would cost the machine more than the hub's own work. */
const note = (channel: string, text: string): void => {
  const list = delays.get(channel) ?? [];
  const now = Date.now();
  for (const [, time] of text.matchAll(/"time":"([^"]+)"/g)) list.push(now - Date.parse(time!));
  delays.set(channel, list);
};

/** `/hook/<channel>` notes; `/keep/<channel>` also keeps bodies, to be posted again by a bare client. */
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    const [, kind, channel] = request.url!.split('/');
    const body = Buffer.concat(parts).toString('utf8');
    if (kind === 'keep') bodies?.push(body);
    note(channel!, body);
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;

const readStream = async (): Promise<void> => {
  const answer = await fetch(`${origin}/api/v1/events/stream`, { headers });
  let rest = '';
  for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
    const text = rest + part;
    const end = text.lastIndexOf('\n') + 1;
    note('stream', text.slice(0, end));
    rest = text.slice(end);
  }
};

const pull = async (): Promise<void> => {
  let after = 'latest';
  for (;;) {
    const answer = await fetch(`${origin}/api/v1/events?after=${after}&limit=500&wait=20`, { headers });
    // The token has ended: so has the measurement.
    if (!answer.ok) return;
    const page = await answer.text();
    note('pull', page);
    after = /"next":"([^"]+)"/.exec(page.slice(-300))![1]!;
  }
};

const consume = async (access: NatsAccess): Promise<void> => {
  const { servers, user, password, domain, stream, consumer } = access;
  const connection = await connect({ servers, user, pass: password });
  const source = await jetstream(connection, { domain }).consumers.get(stream, consumer);
  for await (const message of await source.consume()) {
    note('jetstream', message.string());
    message.ack();
  }
};

const report = (): Record<string, Arrivals> => {
  const found = Object.fromEntries(
    [...delays].map(([channel, list]) => [
      channel,
      {
        count: list.length,
        p50: percentile(list, 50),
        p99: percentile(list, 99),
        max: list.reduce((most, value) => Math.max(most, value), 0),
      },
    ]),
  );
  delays.clear();
  return found;
};

process.on('message', (order: 'report' | 'keep' | 'bodies') => {
  if (order === 'keep') bodies = [];
  process.send!(order === 'report' ? report() : order === 'bodies' ? (bodies ?? []) : {});
  if (order === 'bodies') bodies = undefined;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  for (let nr = 0; nr < streams; nr++) void readStream();
  for (let nr = 0; nr < pulls; nr++) void pull();
  for (const access of nats) void consume(access);
  process.send!((server.address() as AddressInfo).port);
});
