import { oids } from '#signature/asn1/oids.ts';
import { readDer } from '#signature/asn1/read-der.ts';
import { algorithm, der, integer, octets, oid, sequence, setOf } from '#signature/asn1/write-der.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { signatureAlgorithm } from '#signature/cms/signature-algorithm.ts';

/** `[n] IMPLICIT SET OF`: the same bytes under another tag. */
const implicitSet = (tag: number, members: Uint8Array[]): Buffer => {
  const set = setOf(...members);
  set[0] = tag;
  return set;
};

/**
 * A SignedData with one signer (RFC 5652 §5), in DER, detached unless it is given the `content` that it carries. `attributes` are those of `signedAttributes`; `chain` are the
 * issuers in any order, and roots among them are left out, because who verifies must have their own. `timeStamp` is a
 * token over the signature (RFC 3161 appendix A). The signature itself is not checked here: `checkSignature`.
 */
export const buildCms = (signed: {
  attributes: Uint8Array;
  signature: Uint8Array;
  certificate: Uint8Array;
  chain: readonly Uint8Array[];
  timeStamp?: Uint8Array;
  content?: Uint8Array;
}): Buffer => {
  const certificate = readCertificate(signed.certificate);
  const issuers = signed.chain
    .map(readCertificate)
    .filter(({ subjectName, issuerName }) => !subjectName.equals(issuerName))
    .map(issuer => issuer.der)
    .filter((one, position, all) => all.findIndex(other => other.equals(one)) === position)
    .filter(one => !one.equals(certificate.der));
  const sha256 = algorithm(oids.sha256);
  const signer = sequence(
    integer(1),
    sequence(certificate.issuerName, certificate.serialNumber),
    sha256,
    der(0xa0, readDer(signed.attributes, 0x31).content),
    signatureAlgorithm(certificate),
    octets(signed.signature),
    ...(signed.timeStamp
      ? [implicitSet(0xa1, [sequence(oid(oids.signatureTimeStamp), setOf(signed.timeStamp))])]
      : []),
  );
  const signedData = sequence(
    integer(1),
    setOf(sha256),
    sequence(oid(oids.data), ...(signed.content ? [der(0xa0, octets(signed.content))] : [])),
    implicitSet(0xa0, [certificate.der, ...issuers]),
    setOf(signer),
  );
  return sequence(oid(oids.signedData), der(0xa0, signedData));
};
