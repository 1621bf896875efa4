import { oids } from '#signature/asn1/oids.ts';
import { algorithm, nothing } from '#signature/asn1/write-der.ts';
import type { Certificate } from '#signature/certificates/read-certificate.ts';
import { SignatureFault } from '#signature/fault.ts';

/** The algorithm by the certificate's key, always with SHA-256: RSA PKCS#1 v1.5 (RFC 4055 §5) or ECDSA (RFC 5758 §3.2). */
export const signatureAlgorithm = ({ publicKey, subject }: Certificate): Buffer => {
  if (publicKey.asymmetricKeyType === 'rsa') return algorithm(oids.sha256WithRsa, nothing);
  if (publicKey.asymmetricKeyType === 'ec') return algorithm(oids.ecdsaWithSha256);
  throw new SignatureFault(
    'certificate-not-for-signing',
    `${subject}: its key is neither RSA nor EC`,
    subject,
  );
};
