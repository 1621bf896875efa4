import type { CredentialRow } from '#hub/key-service/credential-store.ts';
import type { Credential } from '#schemas/signer.ts';

/** What a key can do now; without a certificate it is not usable yet. Pure. */
export const statusOf = (
  { revokedAt, heldAt, notAfter }: Pick<CredentialRow, 'revokedAt' | 'heldAt' | 'notAfter'>,
  now = new Date(),
): Credential['status'] => {
  if (revokedAt !== null) return 'revoked';
  if (notAfter === null) return 'suspended';
  if (notAfter < now) return 'expired';
  return heldAt === null ? 'active' : 'suspended';
};

/** The most hashes of one authorisation. */
export const maxHashes = 1000;

/** A key as every signing service shows it; only those with a certificate. */
export const showCredential = (row: CredentialRow & { certificate: Buffer }): Credential => ({
  id: row.id,
  certificate: row.certificate.toString('base64'),
  chain: row.chain.map(der => der.toString('base64')),
  status: statusOf(row),
  asks: ['pin', 'factor'],
  maxHashes,
});

export const hasCertificate = (row: CredentialRow): row is CredentialRow & { certificate: Buffer } =>
  row.certificate !== null;
