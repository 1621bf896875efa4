import { digestOf, sadHash } from '#hub/key-service/authorise.ts';
import { findCredential } from '#hub/key-service/credential-store.ts';
import { findLeave, keepSignatures } from '#hub/key-service/leave-store.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { statusOf } from '#hub/key-service/show-credential.ts';
import { isTheirs } from '#hub/key-service/usable-credential.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { SignatureAnswer } from '#schemas/signer.ts';

/**
 * Signs what was authorised. Whoever lost the answer asks again with the same SAD and hashes, and gets the same signatures
 * for an hour more; for other hashes it is worth nothing. `approver`: only a leave of this person counts. What was taken from
 * a person or a key since the leave is looked at once more.
 */
export const signHashes = async (
  { db, token }: Pick<PartContext, 'db'> & { token: TokenClient },
  {
    credentialId,
    sad,
    hashes,
    approver,
  }: { credentialId: string; sad: string; hashes: string[]; approver?: string },
): Promise<SignatureAnswer> => {
  const leave = await findLeave(db, sadHash(sad));
  if (
    leave === undefined ||
    leave.credentialId !== credentialId ||
    !leave.hashes.equals(digestOf(hashes)) ||
    (approver !== undefined && leave.approver !== approver)
  )
    return { state: 'expired', reason: 'not-authorised' };
  const show = (signatures: Buffer[]): SignatureAnswer => ({
    state: 'signed',
    signatures: signatures.map(signature => signature.toString('base64')),
  });
  if (leave.signatures !== null) return show(leave.signatures);
  if (leave.expired) return { state: 'expired', reason: 'expired' };
  const row = await findCredential(db, credentialId);
  if (row === undefined || !isTheirs(row, leave.approver)) return { state: 'refused', reason: 'not-theirs' };
  const status = statusOf(row);
  if (status !== 'active') return { state: 'refused', reason: status };
  const signatures = await token.sign(
    row.id,
    hashes.map(hash => Buffer.from(hash, 'base64')),
  );
  if (signatures === undefined) return { state: 'refused', reason: 'no-key' };
  return inTransaction(db, async tx => {
    const kept = await keepSignatures(tx, sadHash(sad), signatures);
    if (kept.first)
      await appendAudit(tx, {
        actor: `staff/${leave.approver}`,
        action: 'signing-key.signed',
        object: `signing-key/${row.id}`,
        detail: { hashes: hashes.length },
      });
    return show(kept.signatures);
  });
};
