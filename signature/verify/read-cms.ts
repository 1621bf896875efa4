import { oids } from '#signature/asn1/oids.ts';
import { type Der, DerError, Fields, partsOf, readDer, readDerAt } from '#signature/asn1/read-der.ts';
import {
  type Algorithm,
  readAlgorithm,
  readInteger,
  readOctets,
  readOid,
  tags,
} from '#signature/asn1/read-values.ts';
import { der } from '#signature/asn1/write-der.ts';

/** The one signature of a CMS SignedData (RFC 5652), read and not yet judged. BER is taken as it comes. */
export interface Cms {
  contentType: string;
  /** What is signed, when it stands inside; absent: detached. */
  content: Buffer | undefined;
  certificates: Buffer[];
  /** CRLs that stand beside the certificates. */
  crls: Buffer[];
  signer: { issuerName: Buffer; serial: string } | { keyIdentifier: Buffer };
  digestAlgorithm: string;
  signatureAlgorithm: Algorithm;
  signature: Buffer;
  /** In the form that is hashed (§5.4); absent: the content itself is signed. */
  signedAttributes: Buffer | undefined;
  signed: Map<string, Der[]>;
  unsigned: Map<string, Der[]>;
}

const readAttributes = (set: Der | undefined): Map<string, Der[]> => {
  const found = new Map<string, Der[]>();
  for (const attribute of set ? partsOf(set) : []) {
    const fields = new Fields(attribute);
    const id = readOid(fields.next());
    if (found.has(id)) throw new DerError('an attribute twice');
    found.set(id, [...partsOf(fields.next(tags.set))]);
  }
  return found;
};

const readSigner = (value: Der): Cms['signer'] => {
  if (value.tag === 0x80) return { keyIdentifier: value.content };
  if (value.tag === 0xa0) return { keyIdentifier: readOctets(readDer(value.content)) };
  const fields = new Fields(value);
  return { issuerName: fields.next(tags.sequence).raw, serial: readInteger(fields.next()) };
};

const contentInside = (value: Der | undefined): Buffer | undefined =>
  value && readOctets(new Fields(value, 0xa0).next());

/** Reads the SignedData at the beginning of the bytes; `length` is how many it takes. @throws DerError */
export const readCms = (bytes: Buffer): { cms: Cms; length: number } => {
  const outer = readDerAt(bytes);
  const wrapper = new Fields(outer);
  if (readOid(wrapper.next()) !== oids.signedData) throw new DerError('no signed data');
  const data = new Fields(new Fields(wrapper.next(0xa0), 0xa0).next());
  data.next(tags.integer);
  data.next(tags.set);
  const encapsulated = new Fields(data.next());
  const contentType = readOid(encapsulated.next());
  const content = contentInside(encapsulated.optional(0xa0));
  const certificates = [...partsOf(data.optional(0xa0) ?? empty)].filter(({ tag }) => tag === tags.sequence);
  const crls = [...partsOf(data.optional(0xa1) ?? empty)].filter(({ tag }) => tag === tags.sequence);
  const signers = [...partsOf(data.next(tags.set))];
  if (signers.length !== 1) throw new DerError('not one signer');
  const fields = new Fields(signers[0]!);
  fields.next(tags.integer);
  const signer = readSigner(fields.next());
  const digestAlgorithm = readAlgorithm(fields.next()).oid;
  const attributes = fields.optional(0xa0);
  const signatureAlgorithm = readAlgorithm(fields.next());
  const signature = readOctets(fields.next());
  const cms: Cms = {
    contentType,
    content,
    certificates: certificates.map(({ raw }) => raw),
    crls: crls.map(({ raw }) => raw),
    signer,
    digestAlgorithm,
    signatureAlgorithm,
    signature,
    signedAttributes: attributes && der(tags.set, attributes.content),
    signed: readAttributes(attributes),
    unsigned: readAttributes(fields.optional(0xa1)),
  };
  return { cms, length: outer.raw.length };
};

const empty: Der = { tag: tags.set, raw: Buffer.alloc(0), content: Buffer.alloc(0) };
