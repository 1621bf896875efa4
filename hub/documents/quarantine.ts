import { randomUUID } from 'node:crypto';
import { insertQuarantine, type QuarantineRow } from '#hub/documents/quarantine-store.ts';
import type { Tx } from '#hub/platform/database.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import { eventType } from '#schemas/event.ts';

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
