import { DocumentFault } from '#hub/documents/document-fault.ts';
import { type DocumentRow, findDocument } from '#hub/documents/document-store.ts';
import { documentIdOf, uuidOf } from '#hub/documents/identify.ts';
import { nextState } from '#hub/documents/next-state.ts';
import type { Organs } from '#hub/documents/organs.ts';
import { insertOutbox } from '#hub/documents/outbox-store.ts';
import { insertStatus, moveReceiver, type ReceiverRow, receiversOf } from '#hub/documents/receiver-store.ts';
import { subjectOf, tellDocument } from '#hub/documents/tell.ts';
import { inTransaction, type Tx } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { DocumentStatus } from '#schemas/document.ts';

/** By this code the sender asks its document back; every other is said by the receiver. */
export const asksBack = '13';

/** The apps that a fact of a document may be shown to. */
const appsOf = (document: DocumentRow, receiver: ReceiverRow): string[] =>
  [document.originApp, receiver.app].filter(app => app !== null);

/**
 * Writes what somebody says of a document at one receiver: kept, the state moved when it means so, told, and handed on to
 * the other side. The same again changes nothing. In the caller's transaction, the document locked.
 */
export const applyStatus = async (
  tx: Tx,
  { document, receiver }: { document: DocumentRow; receiver: ReceiverRow },
  status: DocumentStatus,
  actor: string,
): Promise<void> => {
  const next = nextState({ state: receiver.state, before: receiver.stateBefore ?? undefined }, status.code);
  const id = uuidOf('status', document.id, receiver.key, status.code, status.at, status.description ?? '');
  const row = { id, document: document.id, receiver: receiver.key, status, moved: next !== undefined };
  // Times have whole seconds: after an update the same words may be meant anew, and then they move the state.
  if (!(await insertStatus(tx, row)) && next === undefined) return;
  if (next !== undefined) await moveReceiver(tx, receiver, next);
  const toSender = status.code !== asksBack;
  // A client of the API that is no app reads events; nothing is handed to it.
  if (!toSender || document.origin !== 'hub')
    await insertOutbox(tx, { document: document.id, receiver: receiver.key, status: id, toSender });
  await tellDocument(
    tx,
    'document.status-changed',
    {
      ...{ id: document.id, documentId: document.documentId, from: document.fromOrgan },
      apps: appsOf(document, receiver),
    },
    {
      actor,
      data: {
        receiver: receiver.organ.organId,
        code: status.code,
        state: next?.state ?? receiver.state,
        ...(status.description === undefined ? {} : { description: status.description }),
      },
    },
  );
};

/**
 * Takes a status of an app or of the axis. Who says it must be of that side: an organisation outside cannot speak for a unit
 * of ours. @throws DocumentFault
 */
export const takeStatus = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  organs: Organs,
  { status, from, actor }: { status: DocumentStatus; from: 'app' | 'axis'; actor: string },
): Promise<void> => {
  const place = 'MessageHeader';
  const speaker = organs.find(status.from.organId);
  const other = organs.find(status.about.organId);
  if (speaker === undefined) throw new DocumentFault('invalid-value', `${place}/From/OrganId`);
  if (other === undefined) throw new DocumentFault('invalid-value', `${place}/ResponseFor/OrganId`);
  if (from === 'axis' && speaker.unit !== undefined)
    throw new DocumentFault('sender-ours', `${place}/From/OrganId`);
  if (from === 'app' && speaker.unit === undefined)
    throw new DocumentFault('sender-unknown', `${place}/From/OrganId`);
  const { documentId } = status.about;
  if (documentId === undefined) throw new DocumentFault('missing', `${place}/ResponseFor/DocumentId`);
  const [sender, receiver] = status.code === asksBack ? [speaker, other] : [other, speaker];
  const id = documentIdOf(sender.key, documentId);
  await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(id)]);
    const document = await findDocument(tx, id);
    if (document === undefined)
      throw new DocumentFault('document-unknown', `${place}/ResponseFor/DocumentId`);
    const row = (await receiversOf(tx, [id])).find(({ key }) => key === receiver.key);
    if (row === undefined)
      throw new DocumentFault(
        'receiver-unknown',
        `${place}/${status.code === asksBack ? 'ResponseFor' : 'From'}/OrganId`,
      );
    await applyStatus(tx, { document, receiver: row }, status, actor);
  });
  wake.notify('documents');
  wake.notify('events');
};
