import type { Tx } from '#hub/platform/database.ts';
import { appendEvents } from '#hub/platform/event-log.ts';
import type { RequestRow } from '#hub/signing/request-store.ts';
import { type EventName, eventType } from '#schemas/event.ts';

export const subjectOf = (requestId: string): string => `signing/${requestId}`;

/** Writes one fact of each request; their versions were counted by whoever moved them, in this transaction. */
export const tellSigning = (
  tx: Tx,
  name: Extract<EventName, `signing.${string}`>,
  actor: string,
  requests: { request: RequestRow; data?: Record<string, unknown> }[],
): Promise<void> =>
  appendEvents(
    tx,
    requests.map(({ request, data }) => ({
      type: eventType(name),
      subject: subjectOf(request.id),
      subjectVersion: request.version,
      source: 'hub/signing',
      actor,
      data: { requestId: request.id, appId: request.appId, documentId: request.documentId, ...data },
    })),
  );
