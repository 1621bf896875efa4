import { EventEmitter } from 'node:events';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';

/** What a process may be woken for. */
export type WakeTopic = 'events' | 'tasks' | 'apps' | 'imports' | 'changes-shown';

/**
 * Lossy wake-ups between nodes, sent after a commit. They only shorten the wait: whoever listens also
 * polls, so a lost one costs time and nothing else.
 */
export interface Wake {
  notify(topic: WakeTopic): void;
  on(topic: WakeTopic, listener: () => void): () => void;
  /** False while NATS is configured and out of reach. */
  connected(): boolean;
  stop(): Promise<void>;
}

/** With a NATS address wake-ups reach every node (core NATS, no JetStream); without, only this process. */
export const createWake = async (natsUrl: string | undefined): Promise<Wake> => {
  const local = new EventEmitter().setMaxListeners(0);
  let nats: NatsConnection | undefined;
  if (natsUrl !== undefined) {
    nats = await connect({
      ...readNatsUrl(natsUrl),
      name: 'lienthong-wake',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
    });
    nats.subscribe('lienthong.wake.*', {
      callback: (_error, message) => {
        local.emit(message.subject.slice('lienthong.wake.'.length));
      },
    });
  }
  return {
    notify(topic) {
      if (nats === undefined || nats.isClosed()) local.emit(topic);
      else {
        // Our own listeners are woken at once; NATS echoes to us as well, which is harmless.
        local.emit(topic);
        nats.publish(`lienthong.wake.${topic}`);
      }
    },
    on(topic, listener) {
      local.on(topic, listener);
      return () => local.off(topic, listener);
    },
    connected: () => nats === undefined || !nats.isClosed(),
    async stop() {
      local.removeAllListeners();
      await nats?.drain().catch(() => {});
    },
  };
};
