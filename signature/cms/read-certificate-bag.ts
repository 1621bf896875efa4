import { oids } from '#signature/asn1/oids.ts';
import { Fields, partsOf, readDer } from '#signature/asn1/read-der.ts';
import { readOid, tags } from '#signature/asn1/read-values.ts';

/** Certificates at an issuer's address (RFC 5280 §4.2.2.1): one in DER, a bag of RFC 5652 (`.p7c`), or, against the rule but seen, PEM. */
export const readCertificateBag = (bytes: Buffer): Buffer[] => {
  const pem = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END/g;
  const armoured = [...bytes.toString('latin1').matchAll(pem)].map(([, text]) =>
    Buffer.from(text!, 'base64'),
  );
  if (armoured.length > 0) return armoured;
  const whole = readDer(bytes);
  const outer = new Fields(whole);
  const type = outer.next();
  if (type.tag !== tags.oid || readOid(type) !== oids.signedData) return [whole.raw];
  const fields = new Fields(new Fields(outer.next(0xa0), 0xa0).next());
  fields.next(tags.integer);
  fields.next(tags.set);
  fields.next(tags.sequence);
  const set = fields.optional(0xa0);
  return set ? [...partsOf(set)].filter(({ tag }) => tag === tags.sequence).map(({ raw }) => raw) : [];
};
