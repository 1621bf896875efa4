import { oids } from '#signature/asn1/oids.ts';
import { type Der, DerError, Fields, partsOf, readDer } from '#signature/asn1/read-der.ts';
import {
  type Algorithm,
  readAlgorithm,
  readInteger,
  readOctets,
  readOid,
  readTime,
  tags,
} from '#signature/asn1/read-values.ts';
import { der } from '#signature/asn1/write-der.ts';
import { type Certificate, readCertificate } from '#signature/certificates/read-certificate.ts';
import { bindingOf, readAttributes } from '#signature/cms/read-attributes.ts';
import { SignatureFault } from '#signature/fault.ts';

/** What a SignedData with one signer says (RFC 5652 §5). Nothing of it is judged yet. */
export interface Cms {
  /** Of what is signed: `data` for documents, TSTInfo for time-stamps. */
  contentType: string;
  /** What is signed, when it is inside. */
  content: Buffer | undefined;
  certificates: Buffer[];
  /** CRLs that stand beside them. */
  crls: Buffer[];
  /** The signer's certificate, when it is among them. */
  signer: Certificate | undefined;
  /** Identifier of the hash over what is signed. */
  digestAlgorithm: string;
  /** The signed attributes as DER SET OF, as they were signed; `signedType` and `messageDigest` are in them. */
  attributes: Buffer;
  signedType: string | undefined;
  messageDigest: Buffer | undefined;
  /** What the signer claims, in CAdES. */
  signingTime: Date | undefined;
  /** Whether ESS signing-certificate binds `signer`. */
  binding: 'bound' | 'other' | 'absent';
  algorithm: Algorithm;
  signature: Buffer;
  /** The token over the signature. */
  timeStamp: Buffer | undefined;
  /** All attributes by type. */
  signed: Map<string, Der[]>;
  unsigned: Map<string, Der[]>;
}

/** How a signer names their certificate: issuer and serial number, or key identifier. */
const isNamedBy = (id: Der): ((certificate: Certificate) => boolean) => {
  if (id.tag === 0x80) return ({ keyIdentifier }) => keyIdentifier?.equals(id.content) ?? false;
  const fields = new Fields(id);
  const issuerName = fields.next().raw;
  const serial = readInteger(fields.next());
  return certificate => certificate.serial === serial && certificate.issuerName.equals(issuerName);
};

const readable = (bytes: Buffer): Certificate[] => {
  try {
    return [readCertificate(bytes)];
  } catch {
    return [];
  }
};

const sequencesOf = (set: Der | undefined): Buffer[] =>
  set ? [...partsOf(set)].filter(({ tag }) => tag === tags.sequence).map(({ raw }) => raw) : [];

const read = (bytes: Uint8Array): Cms => {
  const outer = new Fields(readDer(bytes));
  if (readOid(outer.next()) !== oids.signedData) throw new DerError('no SignedData');
  const fields = new Fields(new Fields(outer.next(0xa0), 0xa0).next());
  fields.next(tags.integer);
  fields.next(tags.set);
  const encapsulated = new Fields(fields.next());
  const contentType = readOid(encapsulated.next());
  const content = encapsulated.optional(0xa0);
  const certificateSet = fields.optional(0xa0);
  const crlSet = fields.optional(0xa1);
  const [signerInfo, another] = partsOf(fields.next(tags.set));
  if (!signerInfo || another) throw new DerError('not one signer');
  const certificates = sequencesOf(certificateSet);
  const info = new Fields(signerInfo);
  info.next(tags.integer);
  const isNamed = isNamedBy(info.next());
  const digestAlgorithm = readAlgorithm(info.next()).oid;
  const signedSet = info.next(0xa0);
  const signed = readAttributes(signedSet, { once: true });
  const algorithm = readAlgorithm(info.next());
  const signature = readOctets(info.next());
  const unsigned = readAttributes(info.optional(0xa1), { once: false });
  const one = (type: string) => signed.get(type)?.[0];
  const [signedType, digest, claimed] = [
    one(oids.contentType),
    one(oids.messageDigest),
    one(oids.signingTime),
  ];
  const signer = certificates.flatMap(readable).find(isNamed);
  return {
    contentType,
    content: content && readOctets(new Fields(content, 0xa0).next()),
    certificates,
    crls: sequencesOf(crlSet),
    signer,
    digestAlgorithm,
    attributes: der(0x31, signedSet.content),
    signedType: signedType && readOid(signedType),
    messageDigest: digest && readOctets(digest),
    signingTime: claimed && readTime(claimed),
    binding: signer ? bindingOf(signed, signer.der) : 'absent',
    algorithm,
    signature,
    timeStamp: unsigned.get(oids.signatureTimeStamp)?.[0]?.raw,
    signed,
    unsigned,
  };
};

/** Reads a signature in DER or BER, detached or not. Throws `signature-unreadable`, also for several signers or none. */
export const readCms = (bytes: Uint8Array): Cms => {
  try {
    return read(bytes);
  } catch (error) {
    throw new SignatureFault('signature-unreadable', `This is no signature: ${(error as Error).message}`);
  }
};
