import { readDer } from '#signature/asn1/read-der.ts';
import { readAlgorithm } from '#signature/asn1/read-values.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { flawOfSignature } from '#signature/certificates/verify-signed.ts';
import { signatureAlgorithm } from '#signature/cms/signature-algorithm.ts';
import { SignatureFault } from '#signature/fault.ts';

/**
 * Throws `signature-not-of-hash` unless the raw signature is the certificate's over these attributes. Done before a signature
 * is put into a file: a service may give them in another order, or for another key.
 */
export const checkSignature = (given: {
  certificate: Uint8Array;
  attributes: Uint8Array;
  signature: Uint8Array;
}): void => {
  const certificate = readCertificate(given.certificate);
  const algorithm = readAlgorithm(readDer(signatureAlgorithm(certificate)));
  const { attributes: data, signature } = given;
  const flaw = flawOfSignature({ data, signature, algorithm, key: certificate.publicKey });
  if (!flaw) return;
  const { subject } = certificate;
  throw new SignatureFault(
    'signature-not-of-hash',
    `The signature is not of ${subject} over this (${flaw})`,
    subject,
  );
};
