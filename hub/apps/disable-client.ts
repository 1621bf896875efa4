import { disableClientRow, lockClient } from '#hub/apps/clients-store.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Wake } from '#hub/platform/wake.ts';

/**
 * Ends a client: it gets no more tokens, and those it holds expire within five minutes. Its id stays taken,
 * so that the trail keeps meaning one client.
 *
 * @throws {AppError} `not-found` when the app has no such client, or it is disabled already
 */
export const disableClient = async (
  { db, wake }: { db: Database; wake: Wake },
  { appId, clientId, ...by }: { appId: string; clientId: string; actor: string; requestId?: string },
): Promise<void> => {
  await inTransaction(db, async tx => {
    if (!(await lockClient(tx, appId, clientId))) throw new AppError('not-found');
    await disableClientRow(tx, clientId);
    await appendAudit(tx, {
      ...by,
      action: 'client.disabled',
      object: `client/${clientId}`,
      detail: { appId },
    });
  });
  wake.notify('apps');
};
