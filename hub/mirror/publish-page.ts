import { JetStreamApiCodes, JetStreamApiError, PubHeaders } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Event } from '#schemas/event.ts';
import type { JetStream } from './nats-link.ts';
import { subjectOf } from './stream-names.ts';

/** The stream is not what we left: somebody wrote to it, it was made anew, or it is gone. */
export class StreamDiffers extends Error {}

/** A fact and the JSON of it that goes out. */
export interface Shown {
  event: Event;
  json: Uint8Array;
}

const contentType = 'application/cloudevents+json; charset=UTF-8';

const means = (error: unknown): unknown => {
  const isWrong =
    error instanceof JetStreamApiError &&
    [JetStreamApiCodes.StreamWrongLastSequence, JetStreamApiCodes.StreamWrongLastSequenceUnknown].some(
      code => code === error.code,
    );
  return isWrong ? new StreamDiffers() : error;
};

const headersOf = ({ event }: Shown, stream: string, lastSeq: number): MsgHdrs => {
  const head = headers();
  head.set('content-type', contentType);
  head.set(PubHeaders.MsgIdHdr, event.id);
  head.set(PubHeaders.ExpectedStreamHdr, stream);
  head.set(PubHeaders.ExpectedLastSeqHdr, String(lastSeq));
  return head;
};

/**
 * Publishes facts in their order, all at once on one connection. Each demands the sequence before it: when one is
 * not taken none after it is, what is repeated after a crash keeps its place, and a message of anybody else is
 * noticed. So the acknowledgement of the last speaks for all, and only that one is asked for.
 *
 * @throws {StreamDiffers} when a sequence is not the expected one; the client's errors otherwise
 */
export const publishPage = async (
  { client, connection }: Pick<JetStream, 'client' | 'connection'>,
  { stream, app, lastSeq }: { stream: string; app: string | null; lastSeq: number },
  shown: readonly Shown[],
): Promise<void> => {
  const last = shown.at(-1);
  if (last === undefined) return;
  const before = lastSeq + shown.length - 1;
  for (const [at, one] of shown.slice(0, -1).entries())
    connection.publish(subjectOf(one.event, app), one.json, {
      headers: headersOf(one, stream, lastSeq + at),
    });
  try {
    const { seq } = await client.publish(subjectOf(last.event, app), last.json, {
      headers: headersOf(last, stream, before),
      retries: 1,
    });
    if (seq !== before + 1) throw new StreamDiffers();
  } catch (error) {
    throw means(error);
  }
};
