import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';
import type { Log } from '#hub/platform/log.ts';
import { createPublisher, type Publisher } from './publisher.ts';

/** An open connection. */
export interface JetStream {
  publisher: Publisher;
  manager: JetStreamManager;
  /** How many copies a stream shall have. */
  replicas: number;
}

/** The mirror's own connection, sought again for ever, but only when somebody asks. */
export interface NatsLink {
  /** Undefined while NATS is away; said once in the log, and once when it is back. */
  open(): Promise<JetStream | undefined>;
  /** Grows with every connection made anew: what was known of the server may be wrong then. */
  times(): number;
  close(): Promise<void>;
}

/** Three copies where three servers stand together; two give nothing (a majority of two is two). Pure. */
export const replicasFor = (cluster: string | undefined, servers: number): number =>
  cluster !== undefined && servers >= 3 ? 3 : 1;

/** `answerMs`: how long an answer of the server is waited for. */
export const createNatsLink = (url: string, log: Log, answerMs: number): NatsLink => {
  let connection: NatsConnection | undefined;
  let stream: JetStream | undefined;
  let reachable = false;
  let away = false;
  let times = 0;

  const watch = async (one: NatsConnection): Promise<void> => {
    for await (const { type } of one.status()) {
      if (type === 'disconnect' || type === 'close') reachable = false;
      if (type === 'reconnect') {
        reachable = true;
        times++;
      }
    }
  };
  const join = async (): Promise<void> => {
    const address = readNatsUrl(url);
    // A server that is there again after its password was changed ends the connection for good: hence anew.
    const one = await connect({
      ...address,
      name: 'lienthong-mirror',
      timeout: answerMs,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
    });
    connection = one;
    void watch(one).catch(() => {});
    const servers = Math.max(address.servers.length, one.info?.connect_urls?.length ?? 0);
    stream = {
      publisher: createPublisher(one, answerMs),
      manager: await jetstreamManager(one, { timeout: answerMs, checkAPI: false }),
      replicas: replicasFor(one.info?.cluster, servers),
    };
    reachable = true;
    times++;
  };
  return {
    async open() {
      try {
        if (connection === undefined || connection.isClosed()) await join();
      } catch {
        reachable = false;
      }
      if (reachable === away) {
        away = !reachable;
        if (away) log.warn('NATS is away: the JetStream mirror waits');
        else log.info('NATS is back: the JetStream mirror goes on');
      }
      return reachable ? stream : undefined;
    },
    times: () => times,
    async close() {
      await connection?.close();
    },
  };
};
