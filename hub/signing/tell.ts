import type { Tx } from '#hub/platform/database.ts';
import { appendEvents } from '#hub/platform/event-log.ts';
import type { RequestRow } from '#hub/signing/request-store.ts';
import { type EventName, eventType, type NewEvent } from '#schemas/event.ts';

export const subjectOf = (requestId: string): string => `signing/${requestId}`;

type SigningEvent = Extract<EventName, `signing.${string}`>;

/** One fact of a request, but for its version. */
export const signingFact = (
  name: SigningEvent,
  actor: string,
  { id, appId, documentId }: Pick<RequestRow, 'id' | 'appId' | 'documentId'>,
  data: Record<string, unknown> = {},
): Omit<NewEvent, 'subjectVersion'> => ({
  type: eventType(name),
  subject: subjectOf(id),
  source: 'hub/signing',
  actor,
  data: { requestId: id, appId, documentId, ...data },
});

/** Writes one fact of each request; their versions were counted by whoever moved them, in this transaction. */
export const tellSigning = (
  tx: Tx,
  name: SigningEvent,
  actor: string,
  requests: { request: RequestRow; data?: Record<string, unknown> }[],
): Promise<void> =>
  appendEvents(
    tx,
    requests.map(({ request, data }) => ({
      ...signingFact(name, actor, request, data),
      subjectVersion: request.version,
    })),
  );
