import { countEvent } from '#hub/documents/document-store.ts';
import type { Tx } from '#hub/platform/database.ts';
import { appendEvents } from '#hub/platform/event-log.ts';
import { type EventName, eventType } from '#schemas/event.ts';

export const subjectOf = (id: string): string => `document/${id}`;

/** What every fact of a document says; `apps` are those that may see it, and are not told to anybody. */
export interface DocumentFacts {
  id: string;
  documentId: string;
  from: string;
  apps: string[];
}

/** Writes one fact of a document; its subject is locked by the caller. */
export const tellDocument = async (
  tx: Tx,
  name: Exclude<Extract<EventName, `document.${string}`>, 'document.quarantined'>,
  { id, documentId, from, apps }: DocumentFacts,
  { actor, data }: { actor: string; data: Record<string, unknown> },
): Promise<void> =>
  appendEvents(tx, [
    {
      type: eventType(name),
      subject: subjectOf(id),
      subjectVersion: await countEvent(tx, id),
      source: 'hub/documents',
      actor,
      data: { id, documentId, from, apps, ...data },
    },
  ]);
