import type { PdfJob, PdfJobs } from '#hub/signing/pdf-jobs.ts';
import type { JobAnswer } from '#hub/signing/pdf-workers.ts';
import { layOut, placesToReserve } from '#hub/signing/place-parts.ts';
import { hashOfAttributes } from '#signature/cms/hash-of-attributes.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { SignatureFault } from '#signature/fault.ts';
import { addProofs } from '#signature/pdf/add-proofs.ts';
import { findPlaces } from '#signature/pdf/find-places.ts';
import { prepareDocumentTimeStamp } from '#signature/pdf/prepare-document-time-stamp.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { signersIn } from '#signature/verify/signers-in.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';

type Jobs = { [J in PdfJob]: (input: PdfJobs[J]['input']) => Promise<PdfJobs[J]['output']> };

const jobs: Jobs = {
  async check({ file, reserve }) {
    const { xfa, certified, signatures } = await readPdfFacts(file);
    if (xfa) throw new SignatureFault('pdf-form-xfa', 'an XFA form cannot be signed');
    if (certified === 1) throw new SignatureFault('pdf-certified', 'no change is allowed', 'DocMDP');
    if (!reserve || signatures.length > 0) return { increment: Buffer.alloc(0) };
    return { increment: await reserveFields(file, placesToReserve(await findPlaces(file))) };
  },
  async prepare({ file, certificate, name, ...given }) {
    const { values, ...shown } = await layOut(file, given);
    const prepared = await prepareSignature(file, {
      ...shown,
      name,
      signedAt: given.at,
      // With the organisation's signature number and date are as they are.
      ...(values.length === 0 ? {} : { values, locks: values.map(value => value.name) }),
    });
    const attributes = signedAttributes({ digest: prepared.digest, certificate });
    return {
      increment: prepared.increment,
      contentsAt: prepared.contentsAt,
      contentsBytes: prepared.contentsBytes,
      attributes,
      hash: hashOfAttributes(attributes),
    };
  },
  async prove({ file, proofs }) {
    return { increment: await addProofs(file, proofs) };
  },
  room: ({ file }) => prepareDocumentTimeStamp(file),
  verify: async ({ file, trust }) => ({ report: await verifyPdf(file, trust), signers: signersIn(file) }),
};

/** The entry that the pool calls. */
export default async <J extends PdfJob>({
  job,
  input,
}: {
  job: J;
  input: PdfJobs[J]['input'];
}): Promise<JobAnswer<J>> => {
  try {
    return { output: await jobs[job](input) };
  } catch (error) {
    if (!(error instanceof SignatureFault)) throw error;
    return { fault: { code: error.code, message: error.message, place: error.place } };
  }
};
