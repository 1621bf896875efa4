import { JetStreamApiError } from '@nats-io/jetstream';
import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

/** A message on its way to JetStream. */
export interface Outgoing {
  subject: string;
  data: Uint8Array;
  headers: MsgHdrs;
}

/** Publishes many messages at once on one connection. */
export interface Publisher {
  /**
   * Resolves when all are taken, with the sequence that each was given, in their order. Waits for every answer in any
   * case: nothing is under way any more.
   *
   * @throws what the first one that was not taken was refused with; when an answer does not come
   */
  publish(messages: readonly Outgoing[]): Promise<number[]>;
}

const readSequence = (message: Msg): number => {
  if (message.headers?.code === 503) throw new Error('no JetStream takes this subject');
  const { error, seq } = message.json<{
    error?: ConstructorParameters<typeof JetStreamApiError>[0];
    seq: number;
  }>();
  if (error !== undefined) throw new JetStreamApiError(error);
  return seq;
};

/**
 * One subscription hears all acknowledgements. The client's own `publish` is a request each, which makes two errors
 * with their stacks in advance: a seventh of the hub's main thread at 3,000 messages a second.
 */
export const createPublisher = (connection: NatsConnection, answerMs: number): Publisher => {
  const inbox = createInbox();
  const waiting = new Map<string, (answer: Msg) => void>();
  let count = 0;
  connection.subscribe(`${inbox}.*`, {
    callback: (error, answer) => {
      if (error === null) waiting.get(answer.subject)?.(answer);
    },
  });
  return {
    async publish(messages) {
      const answers: Msg[] = [];
      const all = Promise.withResolvers<void>();
      const late = setTimeout(() => all.reject(new Error('JetStream does not answer')), answerMs);
      const replies = messages.map((_, at) => {
        const reply = `${inbox}.${count++}`;
        waiting.set(reply, answer => {
          answers[at] = answer;
          waiting.delete(reply);
          if (--open === 0) all.resolve();
        });
        return reply;
      });
      let open = messages.length;
      if (open === 0) all.resolve();
      try {
        for (const [at, { subject, data, headers }] of messages.entries())
          connection.publish(subject, data, { headers, reply: replies[at]! });
        await all.promise;
      } finally {
        clearTimeout(late);
        for (const reply of replies) waiting.delete(reply);
      }
      return answers.map(readSequence);
    },
  };
};
