import { createHash } from 'node:crypto';
import type { Static } from 'typebox';
import { readHashes } from '#hub/key-service/csc/algorithms.ts';
import type { SignDocBody } from '#hub/key-service/csc/csc-bodies.ts';
import { CscError } from '#hub/key-service/csc/csc-error.ts';
import { demandSynchronous } from '#hub/key-service/csc/demand-synchronous.ts';
import { readBase64 } from '#hub/key-service/csc/read-base64.ts';
import { readWanted, type Wanted } from '#hub/key-service/csc/signature-formats.ts';

/** The largest document of a request. */
const maxDocumentBytes = 20 * 1024 * 1024;

/** One signature to be made. `digest`: SHA-256 of the document, what leave was given for. */
export interface ToSign extends Wanted {
  signAlgo: string;
  digest: Buffer;
  /** Absent: only its digest was sent, and the signature goes back alone. */
  document?: Buffer;
}

const readDocument = (text: string): Buffer => {
  const bytes = readBase64(text, 'documents');
  if (bytes.length > maxDocumentBytes)
    throw new CscError(`Invalid parameter document: more than ${maxDocumentBytes / 1024 / 1024} MB`);
  return bytes;
};

/** Of a digest a signature is detached whatever is asked; what changes the document itself cannot be made. */
const readDigestWanted = (
  given: Parameters<typeof readWanted>[0],
  { timeStamps, returnsProofs }: { timeStamps: boolean; returnsProofs: boolean },
): Wanted => {
  const { signature_format } = given;
  if (signature_format === 'X')
    throw new CscError('Invalid parameter signature_format: X needs the document itself');
  const asked = signature_format === 'C' ? { signed_envelope_property: 'Detached', ...given } : given;
  const wanted = readWanted(asked, timeStamps);
  if (wanted.format === 'C' && wanted.envelope !== 'Detached')
    throw new CscError('Invalid parameter signed_envelope_property: of a digest only Detached');
  if (wanted.level === 'B-LTA')
    throw new CscError('Invalid parameter conformance_level: Ades-B-LTA needs the document itself');
  if (wanted.level === 'B-LT' && !returnsProofs)
    throw new CscError('Invalid parameter returnValidationInfo: Ades-B-LT of a digest needs it');
  return wanted;
};

/**
 * What `signatures/signDoc` asks for, the documents first and then the digests: in this order their hashes stood in
 * `credentials/authorize`. Pure.
 *
 * @throws CscError
 */
export const readSignDoc = (
  { documents = [], documentDigests = [], ...body }: Static<typeof SignDocBody>,
  timeStamps: boolean,
): ToSign[] => {
  demandSynchronous(body);
  if (documents.length + documentDigests.length === 0)
    throw new CscError('Missing (or invalid type) array parameter documents or documentDigests');
  for (const { signed_props } of [...documents, ...documentDigests])
    if (signed_props !== undefined && signed_props.length > 0)
      throw new CscError('Invalid parameter signed_props: not offered');
  const returnsProofs = body.returnValidationInfo ?? false;
  return [
    ...documents.map(({ document: text, signAlgo, ...given }) => {
      const document = readDocument(text);
      const digest = createHash('sha256').update(document).digest();
      return { ...readWanted(given, timeStamps), signAlgo, digest, document };
    }),
    ...documentDigests.flatMap(({ signAlgo, ...given }) => {
      const wanted = readDigestWanted(given, { timeStamps, returnsProofs });
      return readHashes(given).map(hash => ({ ...wanted, signAlgo, digest: Buffer.from(hash, 'base64') }));
    }),
  ];
};
