import { createHash } from 'node:crypto';
import type { PdfJob, PdfJobs } from '#hub/signing/pdf-jobs.ts';
import { dateField, numberField } from '#hub/signing/pdf-jobs.ts';
import type { JobAnswer } from '#hub/signing/pdf-workers.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { SignatureFault } from '#signature/fault.ts';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';

type Jobs = { [J in PdfJob]: (input: PdfJobs[J]['input']) => Promise<PdfJobs[J]['output']> };

const jobs: Jobs = {
  async check({ file, reserve }) {
    await readPdfFacts(file);
    const fields = [
      ...(reserve?.number ? [{ name: numberField, ...reserve.number }] : []),
      ...(reserve?.date ? [{ name: dateField, ...reserve.date }] : []),
    ];
    return { increment: fields.length === 0 ? Buffer.alloc(0) : await reserveFields(file, fields) };
  },
  async prepare({ file, fields, appearance, image, name, at, certificate }) {
    const filled = Object.keys(fields).length === 0 ? Buffer.alloc(0) : await fillFields(file, fields);
    const base = filled.length === 0 ? file : Buffer.concat([file, filled]);
    const prepared = await prepareSignature(base, { appearance, image, name, at });
    const attributes = signedAttributes({ digest: prepared.digest, certificate });
    return {
      increment: Buffer.concat([filled, prepared.increment]),
      contentsAt: filled.length + prepared.contentsAt,
      contentsBytes: prepared.contentsBytes,
      attributes,
      hash: createHash('sha256').update(attributes).digest(),
    };
  },
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
