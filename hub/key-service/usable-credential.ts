import { type CredentialRow, findCredential } from '#hub/key-service/credential-store.ts';
import { statusOf } from '#hub/key-service/show-credential.ts';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';

/** Whether this person may sign with the key: their own, or an organisation's that they were entrusted with. Pure. */
export const isTheirs = (row: Pick<CredentialRow, 'staffId' | 'holders'>, staffId: string): boolean =>
  row.staffId === staffId || (row.staffId === null && row.holders.includes(staffId));

/** A key of theirs. Somebody else's looks like one that is not there. @throws AppError `unknown-signing-key` */
export const demandTheirs = async (db: Database, id: string, staffId: string): Promise<CredentialRow> => {
  const row = await findCredential(db, id);
  if (row === undefined || !isTheirs(row, staffId)) throw new AppError('unknown-signing-key');
  return row;
};

/** That it can sign now. @throws AppError `signing-key-not-active`, `pin-not-chosen` */
export const demandUsable = (row: CredentialRow): void => {
  const status = statusOf(row);
  if (status !== 'active') throw new AppError('signing-key-not-active', { status });
  if (row.pinOnce) throw new AppError('pin-not-chosen');
};
