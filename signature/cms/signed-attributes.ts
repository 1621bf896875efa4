import { createHash } from 'node:crypto';
import { element, octets, oid, sequence, setOf } from '#signature/asn1/der.ts';
import { readParts } from '#signature/certificates/certificate-parts.ts';

const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), setOf(value));

/**
 * What a signature signs: content type, digest of the content, and the certificate (ESS signing-certificate-v2, RFC 5035).
 * No signing time: ETSI EN 319 142-1 table 1 forbids it in PAdES. DER `SET OF`, as it is hashed.
 */
export const signedAttributes = ({
  digest,
  certificate,
}: {
  /** SHA-256 of the signed bytes. */
  digest: Uint8Array;
  certificate: Uint8Array;
}): Buffer => {
  const { issuer, serial } = readParts(certificate);
  const certHash = octets(createHash('sha256').update(certificate).digest());
  const issuerSerial = sequence(sequence(element(0xa4, issuer)), serial);
  return setOf(
    attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1')),
    attribute('1.2.840.113549.1.9.4', octets(digest)),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(certHash, issuerSerial)))),
  );
};
