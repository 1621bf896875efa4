import { readHeader } from '#hub/documents/document-store.ts';
import type { HandOver } from '#hub/documents/hand-over.ts';
import { documentIdOf } from '#hub/documents/identify.ts';
import type { ReceiverState } from '#hub/documents/next-state.ts';
import { outsideKey } from '#hub/documents/organs.ts';
import { settleOutbox } from '#hub/documents/outbox-store.ts';
import {
  moveReceiver,
  type ReceiverRow,
  receiversOf,
  setReceiverApp,
} from '#hub/documents/receiver-store.ts';
import { applyStatus } from '#hub/documents/take-status.ts';
import { subjectOf, tellDocument } from '#hub/documents/tell.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { DocumentHeader } from '#schemas/document.ts';

/** The key of a sender as documents are known by it. */
const senderKeyOf = ({ document }: HandOver, header: DocumentHeader): string =>
  document.fromUnit === null ? outsideKey(header.from.organId) : `unit:${document.fromUnit}`;

/** A receiver that has the new document has the old ones no more. */
const endReplaced = async (tx: Tx, over: HandOver, header: DocumentHeader): Promise<void> => {
  for (const { documentId, organIds } of header.action?.replaces ?? []) {
    const old = documentIdOf(senderKeyOf(over, header), documentId);
    const receiver = (await receiversOf(tx, [old])).find(({ key }) => key === over.receiver.key);
    if (receiver === undefined) continue;
    if (organIds !== undefined && !organIds.includes(receiver.organ.organId)) continue;
    await moveReceiver(tx, receiver, { state: 'replaced' });
  }
};

/** Where a receiver is once it has this form of the document. */
const stateAfter = ({ receiver }: HandOver, header: DocumentHeader): ReceiverState | undefined => {
  const { kind, receivers } = header.action ?? { kind: 'new' };
  const removed = receivers?.some(
    ({ organId, change }) => change === 'removed' && organId === receiver.organ.organId,
  );
  if (kind === 'revoke' || removed) return 'recalled';
  if (kind === 'update') return 'sent';
  return ['waiting', 'failed'].includes(receiver.state) ? 'sent' : undefined;
};

/** The hub tells at once that a document is in its receiver's system (01), as the rules demand. */
const tellArrival = (tx: Tx, over: HandOver, receiver: ReceiverRow, header: DocumentHeader): Promise<void> =>
  applyStatus(
    tx,
    { document: over.document, receiver },
    {
      from: receiver.organ,
      about: {
        organId: over.document.fromOrgan,
        ...(header.number === undefined
          ? {}
          : { code: [header.number, header.notation].filter(part => part !== undefined).join('/') }),
        documentId: header.documentId,
        issuedOn: header.issuedOn,
      },
      code: '01',
      description: 'Đã đến',
      at: new Date().toISOString(),
    },
    'system',
  );

/** An app took it. */
export const settleSent = (db: Database, over: HandOver, app: string): Promise<void> =>
  inTransaction(db, async tx => {
    const { row, document, receiver } = over;
    await lockSubjects(tx, [subjectOf(document.id)]);
    if (!(await settleOutbox(tx, row.nr, 'sent')) || row.version === null) return;
    const header = await readHeader(tx, row.version);
    const state = stateAfter(over, header);
    if (state !== undefined) await moveReceiver(tx, receiver, { state });
    if (header.action?.kind === 'replace') await endReplaced(tx, over, header);
    if (receiver.unitId === null) return;
    await setReceiverApp(tx, receiver, app);
    if (state === 'sent') await tellArrival(tx, over, { ...receiver, state, stateBefore: null, app }, header);
  });

/** An app will never take it: a person decides. */
export const settleFailed = (
  db: Database,
  { row, document, receiver }: HandOver,
  reason: { code: string; message: string },
): Promise<void> =>
  inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(document.id)]);
    if (!(await settleOutbox(tx, row.nr, 'failed', reason))) return;
    if (row.version !== null && receiver.state === 'waiting')
      await moveReceiver(tx, receiver, { state: 'failed' });
    const apps = [document.originApp].filter(app => app !== null);
    const { id, documentId, fromOrgan: from } = document;
    await tellDocument(
      tx,
      'document.undeliverable',
      { id, documentId, from, apps },
      {
        actor: 'system',
        data: {
          receiver: receiver.organ.organId,
          what: row.version === null ? 'status' : 'document',
          code: reason.code,
        },
      },
    );
  });
