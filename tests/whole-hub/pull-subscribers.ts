import { setTimeout as pause } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { CloudEvent } from '#schemas/cloud-event.ts';
import type { NatsConnectionDetails } from '#schemas/nats-access.ts';
import { readStream } from '#tests/events/read-stream.ts';
import type { Tokens } from './call-hub.ts';
import type { Arrival } from './check-arrivals.ts';

/** Where the hub answers and as whom it is asked. */
export interface Caller {
  origin: string;
  tokens: Tokens;
}
/** A subscriber that fetches for itself, through whatever befalls the hub, until it is stopped. */
export interface Puller {
  arrivals: Arrival[];
  /** Why it could not go on the last time. */
  trouble(): string;
  stop(): Promise<void>;
}

/** Does `step` again and again; one that fails is tried again after a moment. */
const follow = (step: (take: (body: string) => void) => Promise<unknown>): Puller => {
  const arrivals: Arrival[] = [];
  let stopped = false;
  let trouble = '';
  const take = (body: string): void => {
    const { id, type, subject, sequence } = JSON.parse(body) as CloudEvent;
    arrivals.push({ id, type, subject, sequence: Number(sequence), body });
  };
  const run = async (): Promise<void> => {
    while (!stopped)
      await step(take).catch(async (error: Error) => {
        trouble = error.message;
        await pause(50);
      });
  };
  const done = run();
  return {
    arrivals,
    trouble: () => trouble,
    async stop() {
      stopped = true;
      await done;
    },
  };
};

const ask = async <T>(caller: Caller, method: string, path: string, body?: object): Promise<T> => {
  const answer = await caller.tokens.ask(token =>
    fetch(`${caller.origin}/api/v1/events${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

/** Reads page by page and keeps its place itself. */
export const readPages = (caller: Caller): Puller => {
  let after = 'beginning';
  return follow(async take => {
    const query = new URLSearchParams({ after, limit: '40', wait: '1' });
    const { items, next } = await ask<{ items: CloudEvent[]; next: string }>(caller, 'GET', `?${query}`);
    for (const event of items) take(JSON.stringify(event));
    after = next;
  });
};

/**
 * A worker with leases. It acknowledges when it has taken what it fetched; but every third time it dies in the middle
 * and has taken nothing: the lease lapses, and the next worker must be given the same.
 */
export const workOnLeases = (caller: Caller): Puller => {
  let made = false;
  let fetched = 0;
  return follow(async take => {
    if (!made) await ask(caller, 'PUT', '/consumers/worker', { from: 'beginning' });
    made = true;
    const wish = { consumer: 'worker', limit: 150, seconds: 1, wait: 1 };
    const { id, items } = await ask<{ id?: string; items: CloudEvent[] }>(caller, 'POST', '/leases', wish);
    if (id === undefined) return;
    fetched++;
    if (fetched % 3 === 0) return;
    for (const event of items) take(JSON.stringify(event));
    await ask(caller, 'POST', `/leases/${id}/acknowledge`, {});
  });
};

/** Reads the stream; after some events, and when the hub breaks off, it connects again behind the last it took. */
export const followStream = (caller: Caller): Puller => {
  let last: string | undefined;
  return follow(async take => {
    const url = `${caller.origin}/api/v1/events/stream?after=beginning`;
    const behind: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
    const stream = await caller.tokens.ask(token => readStream(url, token, behind));
    if (stream.status !== 200) throw new Error(`stream: ${stream.status}`);
    const enough = () => stream.events.length >= 60 || stream.ended() !== undefined;
    await waitUntil('a piece of the stream', enough, { withinMs: 1000 }).catch(() => {});
    // What arrives after these is lost with the connection.
    const taken = stream.events.slice(0, 60);
    stream.close();
    for (const { id, data } of taken) {
      take(JSON.stringify(data));
      last = id;
    }
  });
};

/** Reads the app's own JetStream stream as docs/subscribe.md says; the stop closes the connection. */
export const consumeStream = (
  connection: NatsConnection,
  { domain, stream, consumer }: NatsConnectionDetails,
): Puller => {
  const puller = follow(async take => {
    if (connection.isClosed()) return pause(50);
    const source = await jetstream(connection, { domain }).consumers.get(stream, consumer);
    for await (const message of await source.consume({ abort_on_missing_resource: true, expires: 1000 })) {
      take(message.string());
      message.ack();
    }
  });
  return {
    ...puller,
    async stop() {
      await connection.close();
      await puller.stop();
    },
  };
};
