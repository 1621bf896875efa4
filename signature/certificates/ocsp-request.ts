import { createHash } from 'node:crypto';
import { oids } from '#signature/asn1/oids.ts';
import { algorithm, nothing, octets, sequence } from '#signature/asn1/write-der.ts';
import type { Certificate } from '#signature/certificates/read-certificate.ts';

const sha1 = (data: Uint8Array): Buffer => createHash('sha1').update(data).digest();

/**
 * OCSPRequest for one certificate (RFC 6960 §4.1). SHA-1 only names the issuer: responders of RFC 5019 know no other. No
 * nonce: those responders answer from stock, and freshness is judged by thisUpdate and nextUpdate.
 */
export const ocspRequest = (certificate: Certificate, issuer: Certificate): Buffer => {
  const id = sequence(
    algorithm(oids.sha1, nothing),
    octets(sha1(certificate.issuerName)),
    octets(sha1(issuer.keyBits)),
    certificate.serialNumber,
  );
  return sequence(sequence(sequence(sequence(id))));
};
