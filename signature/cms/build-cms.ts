import { X509Certificate } from 'node:crypto';
import { element, integer, octets, oid, sequence, setOf } from '#signature/asn1/der.ts';
import { readParts } from '#signature/certificates/certificate-parts.ts';

const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const nothing = element(0x05);
const algorithms: Record<string, Buffer> = {
  rsa: sequence(oid('1.2.840.113549.1.1.11'), nothing),
  ec: sequence(oid('1.2.840.10045.4.3.2')),
};

/** A detached CMS signature (RFC 5652 §5) with one signer, its certificate and the issuers, without the root. */
export const buildCms = ({
  attributes,
  signature,
  certificate,
  chain,
  timeStamp,
}: {
  attributes: Buffer;
  signature: Uint8Array;
  certificate: Uint8Array;
  chain: Uint8Array[];
  /** A token of RFC 3161 over the signature. */
  timeStamp?: Uint8Array;
}): Buffer => {
  const { issuer, serial } = readParts(certificate);
  const kind = new X509Certificate(certificate).publicKey.asymmetricKeyType ?? 'rsa';
  const issuers = chain.filter(der => {
    const one = new X509Certificate(der);
    return one.subject !== one.issuer;
  });
  const signed = Buffer.from(attributes);
  // Implicitly tagged in the message, hashed as a SET.
  signed[0] = 0xa0;
  const unsigned =
    timeStamp === undefined
      ? []
      : [element(0xa1, sequence(oid('1.2.840.113549.1.9.16.2.14'), setOf(timeStamp)))];
  const signer = sequence(
    integer(1),
    sequence(issuer, serial),
    sha256,
    signed,
    algorithms[kind]!,
    octets(signature),
    ...unsigned,
  );
  return sequence(
    oid('1.2.840.113549.1.7.2'),
    element(
      0xa0,
      sequence(
        integer(1),
        setOf(sha256),
        sequence(oid('1.2.840.113549.1.7.1')),
        element(0xa0, certificate, ...issuers),
        setOf(signer),
      ),
    ),
  );
};
