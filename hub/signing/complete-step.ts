import { createHash } from 'node:crypto';
import { fromBase64 } from '#hub/signing/from-base64.ts';
import type { SignedRow } from '#hub/signing/work-store.ts';
import { buildCms } from '#signature/cms/build-cms.ts';
import { completeDetached } from '#signature/detached/complete-detached.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import { withRoom } from '#signature/pdf/room.ts';
import { completeXml, imprintOfXml } from '#signature/xml/complete-xml.ts';

/** A prepared signature and what a key and an authority made of it. */
type Completable = Pick<
  SignedRow,
  'format' | 'increment' | 'contentsAt' | 'contentsBytes' | 'attributes' | 'signature' | 'timeStamp'
> & { credential: Pick<SignedRow['credential'], 'certificate' | 'chain'> };

const certificateOf = ({ credential }: Completable): Buffer => fromBase64(credential.certificate);

const partsOf = (row: Completable): Parameters<typeof buildCms>[0] => ({
  attributes: row.attributes,
  signature: row.signature!,
  certificate: certificateOf(row),
  chain: row.credential.chain.map(fromBase64),
  ...(row.timeStamp === null ? {} : { timeStamp: row.timeStamp }),
});

/** What a signature adds to its request: a PDF's increment, the whole XML document, or the `.p7s` beside any other file. */
export const completeStep = (row: Completable): Buffer => {
  // What a signing agent brought has its signature in it.
  if (row.signature === null) return row.increment;
  if (row.format === 'other') return completeDetached(partsOf(row));
  if (row.format === 'xml')
    return completeXml(
      { document: row.increment.toString('utf8'), signedInfo: row.attributes },
      partsOf(row),
    );
  return completeSignature({ ...row, increment: withRoom(row) }, buildCms(partsOf(row)));
};

/** The hash that a time-stamp of a signature is for. */
export const imprintOfStep = (row: Completable): Buffer =>
  row.format === 'xml'
    ? imprintOfXml(certificateOf(row), row.signature!)
    : createHash('sha256').update(row.signature!).digest();
