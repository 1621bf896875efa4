import { oids } from '#signature/asn1/oids.ts';
import { type Der, DerError, Fields, partsOf, readDer } from '#signature/asn1/read-der.ts';
import { readOid, tags } from '#signature/asn1/read-values.ts';

export interface Extension {
  critical: boolean;
  value: Buffer;
}

/** Extensions by their identifier, of a certificate, a CRL or an OCSP response. None stands twice (RFC 5280 §4.2). */
export const readExtensions = (list: Der | undefined): Map<string, Extension> => {
  const found = new Map<string, Extension>();
  for (const extension of list ? partsOf(list) : []) {
    const fields = new Fields(extension);
    const id = readOid(fields.next());
    const critical = Boolean(fields.optional(tags.boolean)?.content[0]);
    if (found.has(id)) throw new DerError('an extension twice');
    found.set(id, { critical, value: fields.next(tags.octets).content });
  }
  return found;
};

const usages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof usages)[number];

export const readKeyUsage = (value: Buffer): KeyUsage[] => {
  const bits = readDer(value, tags.bits).content.subarray(1);
  return usages.filter((_, bit) => (bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7)));
};

export const readPurposes = (value: Buffer): string[] => [...partsOf(readDer(value, 0x30))].map(readOid);

/** URIs among GeneralNames ([6] IA5String). */
const urisOf = (names: Iterable<Der>): string[] =>
  [...names].filter(({ tag }) => tag === 0x86).map(({ content }) => content.toString('latin1'));

/** Where issuers' certificates or OCSP answers are (RFC 5280 §4.2.2.1). */
export const readAccess = (value: Buffer, method: string): string[] =>
  [...partsOf(readDer(value, 0x30))].flatMap(description => {
    const fields = new Fields(description);
    return readOid(fields.next()) === method ? urisOf([fields.next()]) : [];
  });

/** URIs of a DistributionPointName, which is `[0] EXPLICIT` around `[0] fullName`. */
export const readPointName = (point: Der | undefined): string[] => {
  const [name] = point ? partsOf(point) : [];
  return name?.tag === 0xa0 ? urisOf(partsOf(name)) : [];
};

/** Where the CRL is (RFC 5280 §4.2.1.13). Points for some reasons only, or of another issuer, are left out. */
export const readCrlUrls = (value: Buffer): string[] =>
  [...partsOf(readDer(value, 0x30))].flatMap(point => {
    const fields = new Fields(point);
    const name = fields.optional(0xa0);
    return fields.optional(0x81, 0xa2) ? [] : readPointName(name);
  });

/** Extensions that the judging of a path takes into account; another critical one forbids trust (RFC 5280 §4.2). */
export const known = new Set<string>([
  oids.subjectKeyIdentifier,
  oids.keyUsage,
  oids.subjectAltName,
  oids.issuerAltName,
  oids.basicConstraints,
  oids.crlDistributionPoints,
  oids.certificatePolicies,
  oids.authorityKeyIdentifier,
  oids.extendedKeyUsage,
  oids.authorityInfoAccess,
  oids.ocspNoCheck,
]);
