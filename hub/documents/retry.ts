import { retryOutbox } from '#hub/documents/outbox-store.ts';
import { moveReceiver, receiversOf } from '#hub/documents/receiver-store.ts';
import { subjectOf } from '#hub/documents/tell.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** Gives what failed another turn. @throws AppError `document-not-waiting` when nothing has failed */
export const retryDocument = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  id: string,
): Promise<void> => {
  await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(id)]);
    const again = await retryOutbox(tx, id);
    if (again.length === 0) throw new AppError('document-not-waiting', { state: 'sent' });
    const keys = again.filter(({ isDocument }) => isDocument).map(({ receiver }) => receiver);
    for (const row of await receiversOf(tx, [id]))
      if (row.state === 'failed' && keys.includes(row.key)) await moveReceiver(tx, row, { state: 'waiting' });
  });
  wake.notify('documents');
};
