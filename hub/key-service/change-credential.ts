import {
  type CredentialRow,
  findCredential,
  holdCredential,
  putHolders,
  revokeCredential,
} from '#hub/key-service/credential-store.ts';
import { hashPin, makeOnceCode } from '#hub/key-service/pin.ts';
import { setPin } from '#hub/key-service/pin-store.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';

/** Who changes what, for the trail. */
export interface Change {
  credentialId: string;
  actor: string;
  requestId?: string;
}

/** One change of a key with its line in the trail. @throws AppError `unknown-signing-key`: none such, or revoked */
const change = (
  db: Database,
  { credentialId, actor, requestId }: Change,
  action: string,
  detail: Record<string, unknown>,
  work: (tx: Tx, row: CredentialRow) => Promise<unknown>,
): Promise<void> =>
  inTransaction(db, async tx => {
    const row = await findCredential(tx, credentialId);
    if (row === undefined || row.revokedAt !== null) throw new AppError('unknown-signing-key');
    if ((await work(tx, row)) === false) return;
    await appendAudit(tx, {
      ...{ actor, action, detail, object: `signing-key/${row.id}` },
      ...(requestId === undefined ? {} : { requestId }),
    });
  });

/** Holds a key, or releases it however it was held. */
export const setHeld = (db: Database, given: Change & { held: boolean }): Promise<void> =>
  change(db, given, given.held ? 'signing-key.held' : 'signing-key.released', {}, (tx, row) =>
    holdCredential(tx, row.id, given.held),
  );

/** Ends a key for ever; the authority that issued its certificate must be told as well. */
export const revoke = (db: Database, given: Change & { reason: string }): Promise<void> =>
  change(db, given, 'signing-key.revoked', { reason: given.reason }, (tx, row) =>
    revokeCredential(tx, row.id, given.reason),
  );

/** Makes these the people who may sign with an organisation's key. */
export const setHolders = (db: Database, given: Change & { staffIds: string[] }): Promise<void> =>
  change(db, given, 'signing-key.holders-changed', { staffIds: given.staffIds }, async (tx, row) => {
    if (row.unitId === null) throw new AppError('unknown-signing-key');
    await putHolders(tx, row.id, given.staffIds);
  });

/** For a holder who forgot their PIN: it is worth nothing from now on, and the code, told this once, chooses another. */
export const giveCode = async (db: Database, given: Change): Promise<{ code: string }> => {
  const code = makeOnceCode();
  const pinHash = await hashPin(code);
  await change(db, given, 'signing-key.code-given', {}, (tx, row) =>
    setPin(tx, row.id, { pinHash, once: true }),
  );
  return { code };
};
