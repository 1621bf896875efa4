import { lockClient, writeSignOn } from '#hub/apps/clients-store.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Wake } from '#hub/platform/wake.ts';
import type { ClientSignOn } from '#schemas/sign-on.ts';

/** Changes how people sign in through a client; null: no longer. @throws {AppError} `not-found` */
export const setClientSignOn = async (
  { db, wake }: { db: Database; wake: Wake },
  given: {
    appId: string;
    clientId: string;
    signOn: ClientSignOn | null;
    actor: string;
    requestId?: string | undefined;
  },
): Promise<void> => {
  await inTransaction(db, async tx => {
    const { appId, clientId, signOn, actor, requestId } = given;
    if (!(await lockClient(tx, appId, clientId))) throw new AppError('not-found');
    await writeSignOn(tx, clientId, signOn);
    await appendAudit(tx, {
      actor,
      action: 'client.sign-on-changed',
      object: `client/${clientId}`,
      detail: { redirectUris: signOn?.redirectUris ?? [] },
      requestId,
    });
  });
  wake.notify('apps');
};
