import { createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { oids } from '#signature/asn1/oids.ts';
import { Fields, readDer } from '#signature/asn1/read-der.ts';
import {
  type Algorithm,
  readAlgorithm,
  readBits,
  readInteger,
  readTime,
  tags,
} from '#signature/asn1/read-values.ts';
import {
  type KeyUsage,
  known,
  readAccess,
  readCrlUrls,
  readExtensions,
  readKeyUsage,
  readPurposes,
} from '#signature/certificates/read-extensions.ts';
import { readName } from '#signature/certificates/read-name.ts';
import { SignatureFault } from '#signature/fault.ts';

/** What a certificate says (RFC 5280). Nothing of it is judged yet. */
export interface Certificate {
  der: Buffer;
  /** As people read them; the `Name` forms are the bytes that are compared. */
  subject: string;
  issuer: string;
  subjectName: Buffer;
  issuerName: Buffer;
  /** Hex without leading zeros; `serialNumber` is the INTEGER as it stands. */
  serial: string;
  serialNumber: Buffer;
  notBefore: Date;
  notAfter: Date;
  publicKey: KeyObject;
  /** The key's bits alone: what OCSP hashes. */
  keyBits: Buffer;
  /** subjectKeyIdentifier, as some signatures name their certificate. */
  keyIdentifier: Buffer | undefined;
  /** Absent: the certificate does not say, and any use is allowed. */
  keyUsage: KeyUsage[] | undefined;
  extendedKeyUsage: string[] | undefined;
  extendedKeyUsageCritical: boolean;
  isAuthority: boolean;
  /** How many authorities may follow below this one. */
  pathLength: number | undefined;
  ocspUrls: string[];
  crlUrls: string[];
  issuerUrls: string[];
  /** The issuer vouches for this OCSP responder until it expires (RFC 6960 §4.2.2.2.1). */
  ocspNoCheck: boolean;
  /** Critical extensions that nobody here understands. */
  unknownCritical: string[];
  signed: { data: Buffer; algorithm: Algorithm; signature: Buffer };
}

const read = (bytes: Uint8Array): Certificate => {
  const whole = readDer(bytes);
  const outer = new Fields(whole);
  const body = outer.next(tags.sequence);
  const algorithm = outer.next(tags.sequence);
  const fields = new Fields(body);
  fields.optional(0xa0);
  const serialNumber = fields.next(tags.integer);
  if (!fields.next().raw.equals(algorithm.raw)) throw new Error('two algorithms');
  const issuer = fields.next(tags.sequence);
  const validity = new Fields(fields.next());
  const subject = fields.next(tags.sequence);
  const key = fields.next(tags.sequence);
  fields.optional(0x81, 0xa1);
  fields.optional(0x82, 0xa2);
  const list = fields.optional(0xa3);
  const extensions = readExtensions(list && new Fields(list, 0xa3).next(tags.sequence));
  const of = <T>(id: string, how: (value: Buffer) => T): T | undefined => {
    const value = extensions.get(id)?.value;
    return value && how(value);
  };
  const basic = of(oids.basicConstraints, value => new Fields(readDer(value)));
  const isAuthority = basic?.optional(tags.boolean)?.content[0] === 0xff;
  const pathLength = basic?.optional(tags.integer);
  const keyFields = new Fields(key);
  keyFields.next();
  return {
    der: whole.raw,
    subject: readName(subject),
    issuer: readName(issuer),
    subjectName: subject.raw,
    issuerName: issuer.raw,
    serial: readInteger(serialNumber),
    serialNumber: serialNumber.raw,
    notBefore: readTime(validity.next()),
    notAfter: readTime(validity.next()),
    publicKey: createPublicKey({ key: key.raw, format: 'der', type: 'spki' }),
    keyBits: readBits(keyFields.next()),
    keyIdentifier: of(oids.subjectKeyIdentifier, value => readDer(value, tags.octets).content),
    keyUsage: of(oids.keyUsage, readKeyUsage),
    extendedKeyUsage: of(oids.extendedKeyUsage, readPurposes),
    extendedKeyUsageCritical: extensions.get(oids.extendedKeyUsage)?.critical ?? false,
    isAuthority,
    pathLength: pathLength && Number.parseInt(readInteger(pathLength), 16),
    ocspUrls: of(oids.authorityInfoAccess, value => readAccess(value, oids.ocsp)) ?? [],
    crlUrls: of(oids.crlDistributionPoints, readCrlUrls) ?? [],
    issuerUrls: of(oids.authorityInfoAccess, value => readAccess(value, oids.caIssuers)) ?? [],
    ocspNoCheck: extensions.has(oids.ocspNoCheck),
    unknownCritical: [...extensions]
      .filter(([id, { critical }]) => critical && !known.has(id))
      .map(([id]) => id),
    signed: { data: body.raw, algorithm: readAlgorithm(algorithm), signature: readBits(outer.next()) },
  };
};

/** A row of documents names the same few certificates again and again; reading a key costs as much as hashing the file. */
const lately = new LRUCache<string, Certificate>({
  maxSize: 4_000_000,
  sizeCalculation: ({ der }) => 4 * der.length,
});

/** Reads a certificate in DER. Throws `certificate-unreadable` for anything else, also when bytes follow it. */
export const readCertificate = (bytes: Uint8Array): Certificate => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const known = lately.get(text);
  if (known !== undefined) return known;
  try {
    // Of bytes of its own: who gave these may write over them.
    const certificate = read(Buffer.from(bytes));
    lately.set(text, certificate);
    return certificate;
  } catch (error) {
    throw new SignatureFault('certificate-unreadable', `This is no certificate: ${(error as Error).message}`);
  }
};
