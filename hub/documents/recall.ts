import { demandOurs } from '#hub/documents/demand-ours.ts';
import { DocumentFault } from '#hub/documents/document-fault.ts';
import { type DocumentRow, readHeader } from '#hub/documents/document-store.ts';
import { type Organs, readOrgans } from '#hub/documents/organs.ts';
import { cancelOutbox } from '#hub/documents/outbox-store.ts';
import { moveReceiver, type ReceiverRow, receiversOf } from '#hub/documents/receiver-store.ts';
import { applyStatus, asksBack } from '#hub/documents/take-status.ts';
import { subjectOf } from '#hub/documents/tell.ts';
import { inTransaction, type Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** From these nothing is taken back: they have it no more, or have done with it. */
const past = new Set(['refused', 'done', 'recalled', 'recall-asked', 'replaced']);

/** The receivers that are meant; all when none is named. @throws DocumentFault when one is none of the document's */
export const chooseReceivers = (
  receivers: ReceiverRow[],
  organs: Organs,
  organIds: string[] | undefined,
): ReceiverRow[] => {
  if (organIds === undefined) return receivers;
  return organIds.map((organId, index) => {
    const row = receivers.find(({ key }) => key === organs.find(organId)?.key);
    if (row === undefined) throw new DocumentFault('receiver-unknown', `organIds/${index}`);
    return row;
  });
};

const askBack = async (
  tx: Tx,
  document: DocumentRow,
  receiver: ReceiverRow,
  { reason, actor }: { reason: string; actor: string },
): Promise<void> => {
  if (receiver.state === 'waiting' && (await cancelOutbox(tx, document.id, receiver.key)))
    return moveReceiver(tx, receiver, { state: 'recalled' });
  const header = await readHeader(tx, document.versionId);
  const status = {
    from: header.from,
    about: { organId: receiver.organ.organId, documentId: document.documentId, issuedOn: header.issuedOn },
    ...{ code: asksBack, description: reason, at: new Date().toISOString() },
  };
  await applyStatus(tx, { document, receiver }, status, actor);
};

/**
 * Asks for a document back. What nobody has yet stays here; the others are asked by status 13. Receivers that are past that
 * are left alone. @throws AppError `document-not-waiting` when that is all of them
 */
export const recallDocument = async (
  { db, call, wake }: Pick<PartContext, 'db' | 'call' | 'wake'>,
  asked: { id: string; organIds?: string[] | undefined; reason: string; actor: string },
): Promise<void> => {
  const organs = await readOrgans(call);
  await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(asked.id)]);
    const document = await demandOurs(tx, asked.id);
    const chosen = chooseReceivers(await receiversOf(tx, [asked.id]), organs, asked.organIds);
    const open = chosen.filter(({ state }) => !past.has(state));
    if (open.length === 0) throw new AppError('document-not-waiting', { state: chosen[0]?.state ?? '' });
    for (const receiver of open) await askBack(tx, document, receiver, asked);
  });
  wake.notify('documents');
  wake.notify('events');
};
