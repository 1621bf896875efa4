import { matchesSecret } from '#hub/apps/client-secret.ts';
import { readProofs } from '#hub/apps/clients-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Scope } from '#schemas/app.ts';

/** What cannot be the id of a client need not be sent to PostgreSQL as it is (it takes no NUL). */
const impossible = /[^\x20-\x7e]/;

/**
 * Who a client is. Unknown, disabled and wrong take the same path: one statement, two comparisons, one
 * error.
 *
 * @throws {AppError} `unauthenticated`
 */
export const authenticateClient = async (
  { db }: { db: Database },
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<{ clientId: string; appId?: string; scopes: Scope[] }> => {
  const proofs = await readProofs(db, impossible.test(clientId) ? '' : clientId);
  const matches = matchesSecret(clientSecret, proofs?.hashes ?? []);
  if (!matches || proofs === undefined) throw new AppError('unauthenticated');
  return { clientId, scopes: proofs.scopes, ...(proofs.appId === null ? {} : { appId: proofs.appId }) };
};
