import { createHash } from 'node:crypto';
import type { FileJob, FileJobs } from '#hub/signing/file-jobs.ts';
import type { JobAnswer } from '#hub/signing/file-workers.ts';
import { layOut, placesToReserve, reservedValues } from '#hub/signing/place-parts.ts';
import { hashOfAttributes } from '#signature/cms/hash-of-attributes.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { prepareDetached } from '#signature/detached/prepare-detached.ts';
import { verifyDetached } from '#signature/detached/verify-detached.ts';
import { SignatureFault } from '#signature/fault.ts';
import { addProofs } from '#signature/pdf/add-proofs.ts';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { findPlaces } from '#signature/pdf/find-places.ts';
import { usualRoom } from '#signature/pdf/placeholder.ts';
import { prepareDocumentTimeStamp } from '#signature/pdf/prepare-document-time-stamp.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { withoutRoom } from '#signature/pdf/room.ts';
import { addedSince } from '#signature/verify/added-since.ts';
import { signersIn, signersOf } from '#signature/verify/signers-in.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { openToSign, prepareXml } from '#signature/xml/prepare-xml.ts';
import { signersInXml } from '#signature/xml/signers-in-xml.ts';
import { verifyXml } from '#signature/xml/verify-xml.ts';

type Jobs = { [J in FileJob]: (input: FileJobs[J]['input']) => Promise<FileJobs[J]['output']> };

/** Who signs after others must not cover up what was done to their file. Whom they are and whether to trust them is not asked. */
const refuseTampered = async (file: Uint8Array): Promise<void> => {
  const { signatures } = await verifyPdf(file, { roots: [], intermediates: [] });
  const broken = signatures.find(({ verdict, changes }) => verdict === 'invalid' || changes === 'suspicious');
  if (broken !== undefined)
    throw new SignatureFault('pdf-tampered', 'changed after a signature', broken.field ?? '');
};

const checkPdf = async (file: Uint8Array, reserve: boolean): Promise<Uint8Array> => {
  const { xfa, certified, signatures } = await readPdfFacts(file);
  if (xfa) throw new SignatureFault('pdf-form-xfa', 'an XFA form cannot be signed');
  if (certified === 1) throw new SignatureFault('pdf-certified', 'no change is allowed', 'DocMDP');
  if (signatures.length > 0) {
    await refuseTampered(file);
    return Buffer.alloc(0);
  }
  if (!reserve) return Buffer.alloc(0);
  return reserveFields(file, placesToReserve(await findPlaces(file)));
};

/** What a signature holds besides certificates: attributes, the raw value, a time-stamp with a chain of its own. */
const roomBesides = 12_000;

/** Room for a signature with these certificates: more than usual where a chain is long. */
const roomFor = (certificates: Uint8Array[]): number =>
  Math.max(
    usualRoom,
    certificates.reduce((bytes, { length }) => bytes + length, roomBesides),
  );

const preparePdf = async ({ file, certificate, chain, name, ...given }: FileJobs['prepare']['input']) => {
  const { values, ...shown } = await layOut(file, given);
  const { digest, ...prepared } = await prepareSignature(file, {
    ...shown,
    name,
    signedAt: given.at,
    contentsBytes: roomFor([certificate, ...chain]),
    ...(given.certify ? { certify: true } : {}),
    // With the organisation's signature number and date are as they are.
    ...(values.length === 0 ? {} : { values, locks: values.map(value => value.name) }),
  });
  const attributes = signedAttributes({ digest, certificate });
  return {
    ...{ ...prepared, increment: withoutRoom(prepared) },
    ...{ attributes, hash: hashOfAttributes(attributes) },
  };
};

const prepareOther = ({
  format,
  file,
  certificate,
  chain,
  at: signingTime,
}: FileJobs['prepare']['input']) => {
  const nowhere = { contentsAt: 0, contentsBytes: 0 };
  if (format === 'xml') {
    const { document, signedInfo, hash } = prepareXml({ xml: file, certificate, chain, signingTime });
    return { ...nowhere, increment: Buffer.from(document), attributes: signedInfo, hash };
  }
  const digest = createHash('sha256').update(file).digest();
  const prepared = prepareDetached({ digest, certificate, signingTime });
  return { ...nowhere, increment: Buffer.alloc(0), ...prepared };
};

const judge = async ({ format, file, beside, trust }: FileJobs['verify']['input']) => {
  if (beside !== undefined)
    return { report: verifyDetached(file, beside, trust), signers: signersOf(beside) };
  if (format === 'xml') return { report: verifyXml(file, trust), signers: signersInXml(file) };
  return { report: await verifyPdf(file, trust), signers: signersIn(file) };
};

const jobs: Jobs = {
  async check({ format, file, reserve }) {
    if (format === 'xml') openToSign(file);
    return { increment: format === 'pdf' ? await checkPdf(file, reserve) : Buffer.alloc(0) };
  },
  prepare: async given => (given.format === 'pdf' ? preparePdf(given) : prepareOther(given)),
  async fill({ file, numbers }) {
    const values = await reservedValues(file, numbers);
    return { increment: values.length === 0 ? Buffer.alloc(0) : await fillFields(file, values) };
  },
  added: async ({ file, end }) => addedSince(file, end),
  async prove({ file, proofs }) {
    return { increment: await addProofs(file, proofs) };
  },
  room: ({ file }) => prepareDocumentTimeStamp(file),
  verify: judge,
};

/** The entry that the pool calls. */
export default async <J extends FileJob>({
  job,
  input,
}: {
  job: J;
  input: FileJobs[J]['input'];
}): Promise<JobAnswer<J>> => {
  try {
    return { output: await jobs[job](input) };
  } catch (error) {
    // A reader that stumbles does so whenever it sees this file.
    if (!(error instanceof SignatureFault))
      return { fault: { code: 'pdf-broken', message: 'it cannot be read', place: undefined } };
    return { fault: { code: error.code, message: error.message, place: error.place } };
  }
};
