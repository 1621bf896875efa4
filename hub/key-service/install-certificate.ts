import { createPublicKey, X509Certificate } from 'node:crypto';
import { findCredential, setCertificate } from '#hub/key-service/credential-store.ts';
import { hasCertificate, showCredential } from '#hub/key-service/show-credential.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Credential } from '#schemas/signer.ts';

const dayMs = 86_400_000;

const read = (der: Buffer): X509Certificate => {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new AppError('certificate-unreadable', {}, { cause });
  }
};

/**
 * Brings the certificate that an authority issued for a key. A newer one takes the place of the older.
 *
 * @throws AppError `unknown-signing-key`, `certificate-unreadable`, `certificate-not-of-key`, `certificate-expired`
 */
export const installCertificate = (
  { db }: Pick<PartContext, 'db'>,
  given: { credentialId: string; certificate: string; chain: string[]; actor: string; requestId?: string },
): Promise<Credential> =>
  inTransaction(db, async tx => {
    const row = await findCredential(tx, given.credentialId);
    if (row === undefined || row.revokedAt !== null) throw new AppError('unknown-signing-key');
    const certificate = Buffer.from(given.certificate, 'base64');
    const chain = given.chain.map(text => Buffer.from(text, 'base64'));
    const x509 = read(certificate);
    for (const der of chain) read(der);
    if (!x509.publicKey.equals(createPublicKey({ key: row.publicKey, format: 'jwk' })))
      throw new AppError('certificate-not-of-key');
    const validTo = new Date(x509.validTo);
    // A temporary key ends in time, however long its certificate lasts.
    const latest = row.temporaryDays === null ? Infinity : Date.now() + row.temporaryDays * dayMs;
    const notAfter = new Date(Math.min(validTo.getTime(), latest));
    if (validTo < new Date()) throw new AppError('certificate-expired', { place: x509.validTo });
    await setCertificate(tx, row.id, { certificate, chain, notAfter });
    await appendAudit(tx, {
      actor: given.actor,
      action: 'signing-key.certified',
      object: `signing-key/${row.id}`,
      ...(given.requestId === undefined ? {} : { requestId: given.requestId }),
    });
    const installed = { ...row, certificate, chain, notAfter };
    if (!hasCertificate(installed)) throw new AppError('internal');
    return showCredential(installed);
  });
