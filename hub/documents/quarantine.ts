import { randomUUID } from 'node:crypto';
import { insertQuarantine, type QuarantineRow } from '#hub/documents/quarantine-store.ts';
import type { Tx } from '#hub/platform/database.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import { eventType } from '#schemas/event.ts';

/** What is wrong and where, when an error says that what came cannot be taken; undefined: something else failed. */
export const faultOf = (error: unknown): { code: string; place: string } | undefined => {
  const { name, code, place } = (error ?? {}) as { name?: string; code: string; place: string };
  return name === 'EdxmlError' || name === 'DocumentFault' ? { code, place } : undefined;
};

/** Keeps what came byte for byte with the reason, and tells the IT centre. The same again is kept once. */
export const quarantine = async (
  tx: Tx,
  came: Pick<QuarantineRow, 'source' | 'entry' | 'kind' | 'code' | 'place'> & { bytes: Buffer },
): Promise<void> => {
  const id = randomUUID();
  const subject = `document-quarantine/${id}`;
  await lockSubjects(tx, [subject]);
  if (!(await insertQuarantine(tx, { id, ...came }))) return;
  const { source, entry, kind, code, place } = came;
  await appendEvents(tx, [
    {
      type: eventType('document.quarantined'),
      ...{ subject, subjectVersion: 1, source: 'hub/documents', actor: 'system' },
      data: { quarantineId: id, app: source, entry, kind, code, place },
    },
  ]);
};
