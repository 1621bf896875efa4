import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { StreamSeen } from './check-stream.ts';
import type { JetStream } from './nats-link.ts';
import { subjectsOf } from './stream-names.ts';

const notFound = new Set([10014, 10037, 10059]);
/** The answer, or undefined when the server says that there is no such thing. */
const orAbsent = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof JetStreamApiError && notFound.has(error.code)) return undefined;
    throw error;
  }
};

/** Dedupe by `Nats-Msg-Id` reaches back so far; what comes later is caught by the expected sequence. */
const duplicateWindowMs = 3_600_000;

/** What there is of a stream now; `lastSeq` is the sequence whose message is looked at. */
export const lookAtStream = async (
  manager: JetStreamManager,
  stream: string,
  lastSeq: number,
): Promise<StreamSeen | undefined> => {
  const info = await orAbsent(manager.streams.info(stream));
  if (info === undefined) return undefined;
  const { first_seq: firstSeq, last_seq, messages } = info.state;
  const last =
    lastSeq < firstSeq || lastSeq === 0
      ? undefined
      : await orAbsent(manager.streams.getMessage(stream, { seq: lastSeq }));
  return {
    created: String(info.created),
    firstSeq,
    lastSeq: last_seq,
    messages,
    idAtLast: last?.header.get('Nats-Msg-Id'),
  };
};

/** The durable pull consumer of an app on its own stream: the app may read from it and acknowledge, nothing else. */
export const ensureConsumer = async (
  manager: JetStreamManager,
  stream: string,
  app: string,
): Promise<void> => {
  if ((await orAbsent(manager.consumers.info(stream, app))) !== undefined) return;
  await manager.consumers.add(stream, {
    durable_name: app,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
  });
};

/**
 * Makes a stream anew. Emptied it would still remember the ids of an hour and refuse them; so it is deleted. The
 * connections of those who read it stay.
 */
export const buildStream = async (
  { manager, replicas }: JetStream,
  { stream, app, maxAgeMs }: { stream: string; app: string | null; maxAgeMs: number },
): Promise<StreamInfo> => {
  await orAbsent(manager.streams.delete(stream));
  const info = await manager.streams.add({
    name: stream,
    subjects: subjectsOf(app),
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    max_age: nanos(maxAgeMs),
    duplicate_window: nanos(Math.min(duplicateWindowMs, maxAgeMs)),
    num_replicas: replicas,
  });
  if (app !== null) await ensureConsumer(manager, stream, app);
  return info;
};

/** Removes the streams of ours that are not among the `known`: an app's access has ended. */
export const dropStrangers = async (manager: JetStreamManager, known: Set<string>): Promise<string[]> => {
  const dropped: string[] = [];
  for await (const name of manager.streams.names())
    if (/^LIENTHONG_[A-Z0-9_]+$/.test(name) && !known.has(name)) {
      await orAbsent(manager.streams.delete(name));
      dropped.push(name);
    }
  return dropped;
};
