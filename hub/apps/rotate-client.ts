import { hashSecret, makeSecret } from '#hub/apps/client-secret.ts';
import { insertSecret, lockClient, retireSecrets } from '#hub/apps/clients-store.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Wake } from '#hub/platform/wake.ts';

/** Whose secret is changed, by whom. */
export interface Rotation {
  appId: string;
  clientId: string;
  /** How long the old secret still works; 0 ends it at once. */
  overlapHours: number;
  actor: string;
  requestId?: string;
}

/**
 * Gives a client a new secret. The one that was newest so far works on for `overlapHours`, so that the
 * client can change over; an even older one ends now.
 *
 * @throws {AppError} `not-found` when the app has no such client, or it is disabled
 */
export const rotateClient = async (
  { db, wake }: { db: Database; wake: Wake },
  { appId, clientId, overlapHours, actor, requestId }: Rotation,
): Promise<{ clientId: string; clientSecret: string }> => {
  const clientSecret = makeSecret();
  await inTransaction(db, async tx => {
    if (!(await lockClient(tx, appId, clientId))) throw new AppError('not-found');
    await retireSecrets(tx, clientId, overlapHours);
    await insertSecret(tx, clientId, hashSecret(clientSecret));
    await appendAudit(tx, {
      actor,
      action: 'client.rotated',
      object: `client/${clientId}`,
      detail: { appId, overlapHours },
      requestId,
    });
  });
  wake.notify('apps');
  return { clientId, clientSecret };
};
