import { EventEmitter } from 'node:events';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';

/** What a process may be woken for. */
export type WakeTopic =
  | 'events'
  | 'tasks'
  | 'apps'
  | 'imports'
  | 'changes-shown'
  | 'subscriptions'
  | 'sign-outs'
  | 'signing'
  | 'documents'
  | 'upstreams'
  | 'flows'
  | 'flow-versions';

/**
 * Lossy wake-ups between nodes, sent after a commit. They only shorten the wait: whoever listens also
 * polls, so a lost one costs time and nothing else.
 */
export interface Wake {
  notify(topic: WakeTopic): void;
  on(topic: WakeTopic, listener: () => void): () => void;
  /** False while NATS is configured and out of reach; it is then sought again and again. */
  connected(): boolean;
  stop(): Promise<void>;
}

/** With a NATS address wake-ups reach every node (core NATS, no JetStream); without, only this process. */
export const createWake = async (natsUrl: string | undefined): Promise<Wake> => {
  const local = new EventEmitter().setMaxListeners(0);
  let nats: NatsConnection | undefined;
  let reachable = true;
  const watch = async (connection: NatsConnection): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'close') reachable = false;
      if (type === 'reconnect') {
        reachable = true;
        // Whatever was told meanwhile was not heard.
        for (const topic of local.eventNames()) local.emit(topic);
      }
    }
  };
  if (natsUrl !== undefined) {
    nats = await connect({
      ...readNatsUrl(natsUrl),
      name: 'lienthong-wake',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
    });
    void watch(nats).catch(() => {});
    nats.subscribe('lienthong.wake.*', {
      callback: (_error, message) => {
        local.emit(message.subject.slice('lienthong.wake.'.length));
      },
    });
  }
  return {
    notify(topic) {
      // Our own listeners are woken at once; NATS echoes to us as well, which is harmless.
      local.emit(topic);
      // What cannot be sent now is not worth keeping: the client would hold it in memory until it can.
      if (nats !== undefined && reachable && !nats.isClosed()) nats.publish(`lienthong.wake.${topic}`);
    },
    on(topic, listener) {
      local.on(topic, listener);
      return () => local.off(topic, listener);
    },
    connected: () => nats === undefined || (reachable && !nats.isClosed()),
    async stop() {
      local.removeAllListeners();
      // Out of reach it would wait for what cannot be sent.
      await (reachable ? nats?.drain() : nats?.close())?.catch(() => {});
    },
  };
};
