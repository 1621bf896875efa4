import { randomBytes } from 'node:crypto';
import { Fields, partsOf, readDer } from '#signature/asn1/read-der.ts';
import { readInteger, tags } from '#signature/asn1/read-values.ts';
import { buildPath } from '#signature/certificates/build-path.ts';
import type { HashName } from '#signature/certificates/verify-signed.ts';
import { SignatureFault } from '#signature/fault.ts';
import { judgeTimeStamp } from '#signature/time-stamp/judge-time-stamp.ts';
import { readTimeStamp, type TimeStamp } from '#signature/time-stamp/read-time-stamp.ts';
import { timeStampQuery } from '#signature/time-stamp/time-stamp-query.ts';

const refuse = (why: string): SignatureFault =>
  new SignatureFault('time-stamp-refused', `The time-stamp cannot be used: ${why}`);

/** The token of a TimeStampResp (RFC 3161 §2.4.2), when it was granted: status 0, or 1 with changes. */
const tokenOf = (response: Buffer): Buffer => {
  const fields = new Fields(readDer(response));
  const status = new Fields(fields.next());
  const code = readInteger(status.next());
  if (code === '0' || code === '1') return fields.next().raw;
  const texts = status.optional(tags.sequence);
  const said = texts ? [...partsOf(texts)].map(({ content }) => content.toString('utf8')).join(' ') : '';
  throw refuse(`the authority answered status ${code} ${said.slice(0, 200)}`);
};

const read = (response: Buffer): { token: Buffer; stamp: TimeStamp } => {
  try {
    const token = tokenOf(response);
    return { token, stamp: readTimeStamp(token) };
  } catch (error) {
    if (error instanceof SignatureFault && error.code === 'time-stamp-refused') throw error;
    throw refuse((error as Error).message);
  }
};

/** The first bit is zero and the second one: a positive integer that keeps its length. */
const makeNonce = (): Buffer => {
  const nonce = randomBytes(16);
  nonce[0] = (nonce[0]! & 0x3f) | 0x40;
  return nonce;
};

/**
 * Asks an authority to stamp `imprint`, a SHA-256 unless `hash` says otherwise, and judges its answer: status, nonce (a positive
 * integer in its shortest form; absent: one is made), imprint, signature, purpose, validity at its time, and with `trust` the path
 * to a root. `post` sends `application/timestamp-query` and sets the time-out. Throws
 * `time-stamp-unavailable` when `post` fails, `time-stamp-refused` when the answer cannot be used.
 */
export const requestTimeStamp = async (asked: {
  imprint: Uint8Array;
  hash?: HashName;
  nonce?: Buffer;
  post: (request: Buffer) => Promise<Buffer>;
  trust?: { roots: readonly Uint8Array[]; intermediates?: readonly Uint8Array[] };
}): Promise<{ token: Buffer; time: Date; certificates: Buffer[] }> => {
  const { imprint, hash = 'sha256', nonce = makeNonce() } = asked;
  const response = await asked.post(timeStampQuery(imprint, nonce, hash)).catch((error: Error) => {
    throw new SignatureFault(
      'time-stamp-unavailable',
      `The time-stamp authority does not answer: ${error.message}`,
    );
  });
  const { token, stamp } = read(response);
  const { cms, time } = stamp;
  if (stamp.nonce === undefined || BigInt(`0x${stamp.nonce}`) !== BigInt(`0x${nonce.toString('hex')}`))
    throw refuse('it answers another request (nonce)');
  const reasons = judgeTimeStamp(stamp, given => (given === hash ? imprint : Buffer.alloc(0)));
  if (reasons.length === 0 && asked.trust) {
    const { roots, intermediates = [] } = asked.trust;
    const others = [...cms.certificates, ...intermediates];
    reasons.push(...buildPath({ certificate: cms.signer!.der, others, roots, at: time }).reasons);
  }
  if (reasons.length > 0) throw refuse(reasons.map(({ code }) => code).join(', '));
  return { token, time, certificates: cms.certificates };
};
