import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { CloudEvent } from '#schemas/cloud-event.ts';
import type { Access } from '#tests/mirror/mirror-gateway.ts';

/** Signs in as an app; undefined when it may not. */
export const tryConnect = (
  { servers, user, password }: Access,
  reconnect: object = { reconnect: false },
): Promise<NatsConnection | undefined> =>
  connect({ servers, user, pass: password, timeout: 2000, ...reconnect }).catch(() => undefined);

/** Signs in as an app, when the server has read the file that names it. Once cut off, it stays so. */
export const connectApp = (access: Access): Promise<NatsConnection> =>
  waitUntil('the app to be let in', () => tryConnect(access), { withinMs: 15_000, everyMs: 100 });

/** The same, but it comes back, as apps do: the server may drop who signs in between two of its reloads. */
export const connectLastingApp = (access: Access): Promise<NatsConnection> =>
  waitUntil('the app to be let in', () => tryConnect(access, { reconnect: true, reconnectTimeWait: 50 }), {
    withinMs: 15_000,
    everyMs: 100,
  });

/**
 * Reads the app's own stream as a client does: a durable consumer, each fact acknowledged; when the consumer is gone
 * it looks for it again.
 */
export const consume = (connection: NatsConnection, { domain, stream, consumer }: Access) => {
  const received: CloudEvent[] = [];
  let stopped = false;
  const read = async (): Promise<void> => {
    const source = await jetstream(connection, { domain }).consumers.get(stream, consumer);
    const messages = await source.consume({
      idle_heartbeat: 500,
      expires: 1000,
      abort_on_missing_resource: true,
    });
    for await (const message of messages) {
      received.push(message.json<CloudEvent>());
      message.ack();
      if (stopped) break;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopped && !connection.isClosed()) {
      await read().catch(() => {});
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };
  void run();
  return {
    received,
    /** Every one of these was received, each at least once. */
    all: (events: { id: string }[]) =>
      waitUntil(
        `${events.length} facts at the app`,
        () => {
          const ids = new Set(received.map(({ id }) => id));
          return events.every(({ id }) => ids.has(id));
        },
        { withinMs: 20_000 },
      ),
    stop: () => {
      stopped = true;
    },
  };
};
