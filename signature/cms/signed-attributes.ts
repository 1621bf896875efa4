import { createHash } from 'node:crypto';
import { oids } from '#signature/asn1/oids.ts';
import { der, octets, oid, sequence, setOf, time } from '#signature/asn1/write-der.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';

const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), setOf(value));

/** SigningCertificateV2 (RFC 5035 §3): binds the certificate, by hash and by issuer and serial. SHA-256 is its default and not written. */
const signingCertificate = (bytes: Uint8Array): Buffer => {
  const { serialNumber, issuerName } = readCertificate(bytes);
  const issuerSerial = sequence(sequence(der(0xa4, issuerName)), serialNumber);
  const hash = createHash('sha256').update(bytes).digest();
  return sequence(sequence(sequence(octets(hash), issuerSerial)));
};

/**
 * The attributes that are signed, as DER SET OF: content-type, message-digest, signing-certificate-v2. `digest` is the
 * SHA-256 of what is signed. `signingTime` is for CAdES alone, which demands it (ETSI EN 319 122-1 §6.3); PAdES forbids it
 * (EN 319 142-1 §6.3: the time stands in the signature dictionary).
 */
export const signedAttributes = (signed: {
  digest: Uint8Array;
  certificate: Uint8Array;
  signingTime?: Date;
}): Buffer =>
  setOf(
    attribute(oids.contentType, oid(oids.data)),
    attribute(oids.messageDigest, octets(signed.digest)),
    attribute(oids.signingCertificateV2, signingCertificate(signed.certificate)),
    ...(signed.signingTime ? [attribute(oids.signingTime, time(signed.signingTime))] : []),
  );
