import { digestOf, sadHash } from '#hub/key-service/authorise.ts';
import { findCredential } from '#hub/key-service/credential-store.ts';
import { findLeave, keepSignatures } from '#hub/key-service/leave-store.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { SignatureAnswer } from '#schemas/signer.ts';

/**
 * Signs what was authorised. Whoever lost the answer asks again with the same SAD and hashes, and gets the same signatures
 * as long as the leave holds; for other hashes it is worth nothing.
 */
export const signHashes = async (
  { db, token }: Pick<PartContext, 'db'> & { token: TokenClient | undefined },
  { credentialId, sad, hashes }: { credentialId: string; sad: string; hashes: string[] },
): Promise<SignatureAnswer> => {
  const leave = await findLeave(db, sadHash(sad));
  if (leave === undefined || leave.credentialId !== credentialId || !leave.hashes.equals(digestOf(hashes)))
    return { state: 'expired', reason: 'not-authorised' };
  const show = (signatures: Buffer[]): SignatureAnswer => ({
    state: 'signed',
    signatures: signatures.map(signature => signature.toString('base64')),
  });
  if (leave.signatures !== null) return show(leave.signatures);
  if (leave.expired) return { state: 'expired', reason: 'expired' };
  const row = await findCredential(db, credentialId);
  if (row === undefined || row.revokedAt !== null) return { state: 'refused', reason: 'revoked' };
  if (token === undefined)
    throw new AppError('signing-service-unavailable', { route: 'embedded', code: 'no-token' });
  const signatures = await token.sign(
    row.id,
    hashes.map(hash => Buffer.from(hash, 'base64')),
  );
  if (signatures === undefined) return { state: 'refused', reason: 'no-key' };
  return show(await keepSignatures(db, sadHash(sad), signatures));
};
