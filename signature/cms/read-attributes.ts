import { createHash } from 'node:crypto';
import { oids } from '#signature/asn1/oids.ts';
import { type Der, DerError, Fields, partsOf, readDer } from '#signature/asn1/read-der.ts';
import { readAlgorithm, readOctets, readOid, tags } from '#signature/asn1/read-values.ts';
import { hashName } from '#signature/certificates/verify-signed.ts';

/**
 * Attributes of a signer by type. A signed one that stands twice makes the signature ambiguous and is refused (RFC 5652 §11);
 * time-stamps, which are not signed, may come from several authorities (ETSI EN 319 122-1 §5.3).
 */
export const readAttributes = (set: Der | undefined, { once }: { once: boolean }): Map<string, Der[]> => {
  const found = new Map<string, Der[]>();
  for (const attribute of set ? partsOf(set) : []) {
    const fields = new Fields(attribute);
    const type = readOid(fields.next());
    if (once && found.has(type)) throw new DerError('an attribute twice');
    found.set(type, [...(found.get(type) ?? []), ...partsOf(fields.next(tags.set))]);
  }
  return found;
};

/** The first certificate that the attribute names: by SHA-1 in the first version (RFC 2634), else SHA-256 unless said (RFC 5035). */
const readBinding = (value: Der, first: boolean): { hash: string; of: Buffer } => {
  const fields = new Fields(new Fields(new Fields(value).next(tags.sequence)).next(tags.sequence));
  const algorithm = first ? undefined : fields.optional(tags.sequence);
  const named = algorithm ? hashName(readAlgorithm(algorithm).oid) : first ? 'sha1' : 'sha256';
  if (!named || named === 'weak') throw new DerError('a certificate hash that does not hold');
  return { hash: named, of: readOctets(fields.next()) };
};

/** Whether the signed attributes bind this very certificate; `absent`: they name none. */
export const bindingOf = (
  attributes: Map<string, Der[]>,
  certificate: Uint8Array,
): 'bound' | 'other' | 'absent' => {
  const second = attributes.get(oids.signingCertificateV2)?.[0];
  const value = second ?? attributes.get(oids.signingCertificate)?.[0];
  if (!value) return 'absent';
  const { hash, of } = readBinding(readDer(value.raw), !second);
  return createHash(hash).update(certificate).digest().equals(of) ? 'bound' : 'other';
};
