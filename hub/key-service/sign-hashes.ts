import { digestOf, sadHash } from '#hub/key-service/authorise.ts';
import { findCredential } from '#hub/key-service/credential-store.ts';
import { findLeave, keepSignatures, type LeaveRow } from '#hub/key-service/leave-store.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { statusOf } from '#hub/key-service/show-credential.ts';
import { isTheirs } from '#hub/key-service/usable-credential.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { SignatureAnswer } from '#schemas/signer.ts';

interface Given {
  credentialId: string;
  sad: string;
  /** What leave was given for, in the same order. */
  hashes: string[];
  /** Only a leave of this person counts. */
  approver?: string;
}

/** The leave of this SAD for exactly these hashes, spent or not; undefined: there is none. */
export const findLeaveFor = async (
  db: Database,
  { credentialId, sad, hashes, approver }: Given,
): Promise<LeaveRow | undefined> => {
  const leave = await findLeave(db, sadHash(sad));
  const fits =
    leave?.credentialId === credentialId &&
    leave.hashes.equals(digestOf(hashes)) &&
    (approver === undefined || leave.approver === approver);
  return fits ? leave : undefined;
};

/**
 * Signs what was authorised. Whoever lost the answer asks again with the same SAD and hashes, and gets the same signatures
 * for an hour more; for other hashes it is worth nothing. What was taken from a person or a key since the leave is
 * looked at once more. `signs`: what is signed where that is not the hashes themselves: signatures of documents are over more than
 * the document, and a leave that was spent so is worth nothing any more.
 */
export const signHashes = async (
  { db, token }: Pick<PartContext, 'db'> & { token: TokenClient },
  { signs, ...given }: Given & { signs?: string[] },
): Promise<SignatureAnswer> => {
  const { credentialId, sad, hashes } = given;
  const leave = await findLeaveFor(db, given);
  if (leave === undefined) return { state: 'expired', reason: 'not-authorised' };
  const wanted = signs ?? hashes;
  const signed = digestOf(wanted);
  const show = (kept: { signatures: Buffer[]; signed: Buffer }): SignatureAnswer =>
    kept.signed.equals(signed)
      ? { state: 'signed', signatures: kept.signatures.map(signature => signature.toString('base64')) }
      : { state: 'expired', reason: 'spent' };
  if (leave.signatures !== null) return show({ signatures: leave.signatures, signed: leave.signed! });
  if (leave.expired) return { state: 'expired', reason: 'expired' };
  const row = await findCredential(db, credentialId);
  if (row === undefined || !isTheirs(row, leave.approver)) return { state: 'unable', reason: 'not-theirs' };
  const status = statusOf(row);
  if (status !== 'active') return { state: 'unable', reason: status };
  const signatures = await token.sign(
    row.id,
    wanted.map(hash => Buffer.from(hash, 'base64')),
  );
  if (signatures === undefined) return { state: 'unable', reason: 'no-key' };
  return inTransaction(db, async tx => {
    const kept = await keepSignatures(tx, sadHash(sad), { signatures, signed });
    if (kept.first)
      await appendAudit(tx, {
        actor: `staff/${leave.approver}`,
        action: 'signing-key.signed',
        object: `signing-key/${row.id}`,
        detail: { hashes: hashes.length },
      });
    return show(kept);
  });
};
