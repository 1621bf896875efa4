import { oids } from '#signature/asn1/oids.ts';
import { type Der, DerError, Fields, partsOf, readDer } from '#signature/asn1/read-der.ts';
import {
  type Algorithm,
  readAlgorithm,
  readBits,
  readInteger,
  readOctets,
  readOid,
  readTime,
  tags,
} from '#signature/asn1/read-values.ts';
import { readExtensions } from '#signature/certificates/read-extensions.ts';

/** One certificate's answer (RFC 6960 §4.2.1). */
export interface OcspAnswer {
  hash: string;
  nameHash: Buffer;
  keyHash: Buffer;
  serial: string;
  status: { is: 'good' | 'unknown' } | { is: 'revoked'; at: Date; reason: number | undefined };
  thisUpdate: Date;
  nextUpdate: Date | undefined;
  /** The responder remembers certificates that expired after this. */
  archiveCutoff: Date | undefined;
  unknownCritical: boolean;
}

export interface OcspResponse {
  /** By name, or by the SHA-1 of the key. */
  responder: { name: Buffer } | { keyHash: Buffer };
  producedAt: Date;
  answers: OcspAnswer[];
  certificates: Buffer[];
  unknownCritical: boolean;
  signed: { data: Buffer; algorithm: Algorithm; signature: Buffer };
}

const extensionsIn = (list: Der | undefined, tag: number) =>
  readExtensions(list && new Fields(list, tag).next(tags.sequence));

const readStatus = (value: Der): OcspAnswer['status'] => {
  if (value.tag === 0x80) return { is: 'good' };
  if (value.tag === 0x82) return { is: 'unknown' };
  const fields = new Fields(value, 0xa1);
  const at = readTime(fields.next());
  const reason = fields.optional(0xa0);
  return { is: 'revoked', at, reason: reason && new Fields(reason, 0xa0).next(tags.enumerated).content[0] };
};

const readAnswer = (value: Der): OcspAnswer => {
  const fields = new Fields(value);
  const id = new Fields(fields.next());
  const hash = readAlgorithm(id.next()).oid;
  const [nameHash, keyHash, serial] = [readOctets(id.next()), readOctets(id.next()), readInteger(id.next())];
  const status = readStatus(fields.next());
  const thisUpdate = readTime(fields.next());
  const next = fields.optional(0xa0);
  const extensions = extensionsIn(fields.optional(0xa1), 0xa1);
  const cutoff = extensions.get(oids.archiveCutoff);
  return {
    hash,
    nameHash,
    keyHash,
    serial,
    status,
    thisUpdate,
    nextUpdate: next && readTime(new Fields(next, 0xa0).next()),
    archiveCutoff: cutoff && readTime(readDer(cutoff.value)),
    unknownCritical: [...extensions.values()].some(({ critical }) => critical),
  };
};

/** Reads an OCSPResponse in DER. Throws when it is none, also when the responder only tells an error. */
export const readOcsp = (bytes: Uint8Array): OcspResponse => {
  const response = new Fields(readDer(bytes));
  if (response.next(tags.enumerated).content[0] !== 0) throw new DerError('an error instead of an answer');
  const typed = new Fields(new Fields(response.next(0xa0), 0xa0).next());
  if (readOid(typed.next()) !== oids.ocspBasic) throw new DerError('no basic answer');
  const basic = new Fields(readDer(readOctets(typed.next())));
  const body = basic.next(tags.sequence);
  const algorithm = readAlgorithm(basic.next());
  const signature = readBits(basic.next());
  const certificates = basic.optional(0xa0);
  const fields = new Fields(body);
  fields.optional(0xa0);
  const responder = fields.next();
  const [id] = partsOf(responder);
  if (!id || (responder.tag !== 0xa1 && responder.tag !== 0xa2)) throw new DerError('no responder');
  return {
    responder: responder.tag === 0xa1 ? { name: id.raw } : { keyHash: readOctets(id) },
    producedAt: readTime(fields.next()),
    answers: [...partsOf(fields.next(tags.sequence))].map(readAnswer),
    unknownCritical: [...extensionsIn(fields.optional(0xa1), 0xa1).values()].some(({ critical }) => critical),
    certificates: certificates
      ? [...partsOf(new Fields(certificates, 0xa0).next())].map(({ raw }) => raw)
      : [],
    signed: { data: body.raw, algorithm, signature },
  };
};
