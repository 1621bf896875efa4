import { JetStreamApiCodes, JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { toCloudEvent } from '#hub/platform/events/to-cloud-event.ts';
import type { Event } from '#schemas/event.ts';
import { subjectOf } from './stream-names.ts';

/** The stream is not what we left: somebody wrote to it, it was made anew, or it is gone. */
export class StreamDiffers extends Error {}

const contentType = 'application/cloudevents+json; charset=UTF-8';

const means = (error: unknown): unknown => {
  const isWrong =
    error instanceof JetStreamApiError &&
    [JetStreamApiCodes.StreamWrongLastSequence, JetStreamApiCodes.StreamWrongLastSequenceUnknown].some(
      code => code === error.code,
    );
  return isWrong ? new StreamDiffers() : error;
};

/**
 * Publishes facts in their order, all at once on one connection, and waits for every acknowledgement. Each demands
 * the sequence before it: so when one fails none after it is taken, what is repeated after a crash keeps its place,
 * and a message of anybody else is noticed.
 *
 * @throws {StreamDiffers} when a sequence is not the expected one; the client's errors otherwise
 */
export const publishPage = async (
  client: JetStreamClient,
  { stream, app, lastSeq }: { stream: string; app: string | null; lastSeq: number },
  events: readonly Event[],
): Promise<void> => {
  const sent = events.map((event, at) => {
    const head = headers();
    head.set('content-type', contentType);
    return client.publish(subjectOf(event, app), JSON.stringify(toCloudEvent(event)), {
      msgID: event.id,
      headers: head,
      retries: 1,
      expect: { streamName: stream, lastSequence: lastSeq + at },
    });
  });
  const answers = await Promise.allSettled(sent);
  answers.forEach((answer, at) => {
    if (answer.status === 'rejected') throw means(answer.reason);
    if (answer.value.seq !== lastSeq + at + 1) throw new StreamDiffers();
  });
};
