import { oids } from '#signature/asn1/oids.ts';
import { DerError, Fields, readDer } from '#signature/asn1/read-der.ts';
import {
  readAlgorithm,
  readInteger,
  readOctets,
  readOid,
  readTime,
  tags,
} from '#signature/asn1/read-values.ts';
import { type Cms, readCms } from '#signature/cms/read-cms.ts';
import { SignatureFault } from '#signature/fault.ts';

/** A time-stamp token (RFC 3161 §2.4.2). Nothing of it is judged yet. */
export interface TimeStamp {
  cms: Cms;
  time: Date;
  /** Identifier of the imprint's hash. */
  hash: string;
  imprint: Buffer;
  policy: string;
  serial: string;
  /** Hex, of the request. */
  nonce: string | undefined;
}

const readInfo = (content: Buffer): Omit<TimeStamp, 'cms'> => {
  const fields = new Fields(readDer(content));
  fields.next(tags.integer);
  const policy = readOid(fields.next());
  const imprint = new Fields(fields.next());
  const hash = readAlgorithm(imprint.next()).oid;
  const imprinted = readOctets(imprint.next());
  const serial = readInteger(fields.next());
  const time = readTime(fields.next(tags.generalizedTime));
  fields.optional(tags.sequence);
  fields.optional(tags.boolean);
  const nonce = fields.optional(tags.integer);
  return { time, hash, imprint: imprinted, policy, serial, nonce: nonce && readInteger(nonce) };
};

/** Reads a token. Throws `signature-unreadable`. */
export const readTimeStamp = (token: Uint8Array): TimeStamp => {
  const cms = readCms(token);
  try {
    if (cms.contentType !== oids.tstInfo || !cms.content) throw new DerError('no TSTInfo inside');
    return { cms, ...readInfo(cms.content) };
  } catch (error) {
    throw new SignatureFault('signature-unreadable', `This is no time-stamp: ${(error as Error).message}`);
  }
};
