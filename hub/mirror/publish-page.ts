import { JetStreamApiCodes, JetStreamApiError, PubHeaders } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Event } from '#schemas/event.ts';
import type { Publisher } from './publisher.ts';
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
 * Publishes facts in their order, all at once, and waits for every acknowledgement. Each demands the sequence before
 * it: so when one fails none after it is taken, what is repeated after a crash keeps its place, and a message of
 * anybody else is noticed.
 *
 * @throws {StreamDiffers} when a sequence is not the expected one; otherwise what the first was refused with
 */
export const publishPage = async (
  publisher: Publisher,
  { stream, app, lastSeq }: { stream: string; app: string | null; lastSeq: number },
  shown: readonly Shown[],
): Promise<void> => {
  const messages = shown.map((one, at) => ({
    subject: subjectOf(one.event, app),
    data: one.json,
    headers: headersOf(one, stream, lastSeq + at),
  }));
  let given: number[];
  try {
    given = await publisher.publish(messages);
  } catch (error) {
    throw means(error);
  }
  if (given.some((seq, at) => seq !== lastSeq + at + 1)) throw new StreamDiffers();
};
