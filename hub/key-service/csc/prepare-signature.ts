import { createHash } from 'node:crypto';
import type { ToSign } from '#hub/key-service/csc/read-sign-doc.ts';
import type { Certified } from '#hub/key-service/csc/whose-key.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { SignatureProofs } from '#schemas/document-signing.ts';
import { hashOfAttributes } from '#signature/cms/hash-of-attributes.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { completeDetached } from '#signature/detached/complete-detached.ts';
import { imprintOfXml } from '#signature/xml/complete-xml.ts';

/** What a key made of it, with what the level asks for. */
export interface Made {
  signature: Buffer;
  timeStamp?: string;
  proofs?: SignatureProofs;
}

/** A signature that waits for its key: `hash` goes there. */
export interface Waiting {
  hash: Buffer;
  /** What is time-stamped of a raw signature (SHA-256). */
  imprintOf(signature: Buffer): Buffer;
  /** The signed document, or the signature alone, base64. Checks the raw signature. */
  complete(made: Made): Promise<string>;
}

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** CMS is made here: it needs the digest only. A PDF has the time in itself, so that only CAdES signs it (ETSI EN 319 142-1). */
const prepareCms = (toSign: ToSign, { certificate, chain }: Certified, at: Date): Waiting => {
  const { format, envelope, digest, document } = toSign;
  const attributes = signedAttributes({
    ...{ digest, certificate },
    ...(format === 'C' ? { signingTime: at } : {}),
  });
  return {
    hash: hashOfAttributes(attributes),
    imprintOf: sha256,
    async complete({ signature, timeStamp }) {
      const cms = completeDetached({
        ...{ attributes, signature, certificate, chain },
        ...(timeStamp === undefined ? {} : { timeStamp: Buffer.from(timeStamp, 'base64') }),
        ...(document !== undefined && envelope === 'Attached' ? { content: document } : {}),
      });
      return cms.toString('base64');
    },
  };
};

/** Files are worked on where the hub's own requests are: in workers. */
const prepareFile = async (
  call: PartContext['call'],
  { format, level, envelope, document }: ToSign & { document: Buffer },
  { certificate, chain }: Certified,
  at: Date,
): Promise<Waiting> => {
  const file = {
    format: format === 'P' ? ('pdf' as const) : ('xml' as const),
    base64: document.toString('base64'),
    certificate: certificate.toString('base64'),
    chain: chain.map(der => der.toString('base64')),
  };
  const options = { timeoutMs: 120_000 };
  const certify = envelope === 'Certification';
  const asked = { ...file, at: at.toISOString(), ...(certify ? { certify } : {}) };
  const prepared = await call('signing.prepare-document', asked, options);
  return {
    hash: Buffer.from(prepared.hash, 'base64'),
    imprintOf: signature => (format === 'X' ? imprintOfXml(certificate, signature) : sha256(signature)),
    async complete({ signature, proofs, ...made }) {
      const needed = level === 'B-LT' || level === 'B-LTA' ? proofs : undefined;
      const whole = await call(
        'signing.complete-document',
        {
          ...{ ...file, ...made, prepared, signature: signature.toString('base64') },
          ...(needed === undefined ? {} : { proofs: needed, stampFile: level === 'B-LTA' }),
        },
        options,
      );
      return whole.base64;
    },
  };
};

/** Makes one of what is asked for ready to be signed with a key. @throws AppError with the fault of the file */
export const prepareSignature = async (
  call: PartContext['call'],
  { document, ...toSign }: ToSign,
  key: Certified,
  at: Date,
): Promise<Waiting> =>
  document === undefined || toSign.format === 'C'
    ? prepareCms({ ...toSign, ...(document === undefined ? {} : { document }) }, key, at)
    : prepareFile(call, { ...toSign, document }, key, at);
