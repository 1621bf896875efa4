import type { KeyObject } from 'node:crypto';
import { type Certificate, readCertificate } from '#signature/certificates/read-certificate.ts';
import { SignatureFault } from '#signature/fault.ts';

/**
 * Whether a certificate may be put on for signing documents. Throws `certificate-unreadable`, `certificate-expired` (also
 * when it is not valid yet) or `certificate-not-for-signing`: a CA's, for another purpose (RFC 5280 §4.2.1.3: neither
 * digitalSignature nor nonRepudiation), a weak key, or not of the public key that was made for it.
 */
export const checkSigningCertificate = (
  der: Uint8Array,
  { publicKey, at = new Date() }: { publicKey?: KeyObject; at?: Date } = {},
): Certificate => {
  const certificate = readCertificate(der);
  const { subject, notBefore, notAfter, keyUsage } = certificate;
  const refuse = (code: 'certificate-expired' | 'certificate-not-for-signing', why: string): never => {
    throw new SignatureFault(code, `${subject}: ${why}`, subject);
  };
  if (notAfter < at) refuse('certificate-expired', `expired on ${notAfter.toISOString()}`);
  if (notBefore > at) refuse('certificate-expired', `valid only from ${notBefore.toISOString()}`);
  if (certificate.isAuthority) refuse('certificate-not-for-signing', 'is the certificate of an authority');
  if (keyUsage && !keyUsage.includes('digitalSignature') && !keyUsage.includes('nonRepudiation'))
    refuse('certificate-not-for-signing', 'its key usage does not allow signatures');
  const { asymmetricKeyType: type, asymmetricKeyDetails } = certificate.publicKey;
  if (type !== 'ec' && (type !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048))
    refuse('certificate-not-for-signing', 'its key is neither RSA of 2048 bits or more nor EC');
  if (publicKey && !certificate.publicKey.equals(publicKey))
    refuse('certificate-not-for-signing', 'belongs to another key');
  return certificate;
};
