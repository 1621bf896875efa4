import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { findImage } from '#hub/signing/image-store.ts';
import { dateField, numberField } from '#hub/signing/pdf-jobs.ts';
import type { PdfWorkers } from '#hub/signing/pdf-workers.ts';
import { type RequestRow, readFile } from '#hub/signing/request-store.ts';
import type { ChosenKey, StepRow } from '#hub/signing/step-store.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';

/** A step with everything that its signature needs but the signature. */
export interface PreparedStep {
  step: StepRow;
  request: RequestRow;
  key: ChosenKey;
  numbers: { number: string; date: string } | undefined;
  hash: Buffer;
  prepared: {
    increment: Buffer;
    contentsAt: number;
    contentsBytes: number;
    baseParts: number;
    attributes: Buffer;
  };
}

/** `2026-03-01` as it stands in a document. */
const dayInWords = (day: string): string => {
  const [year, month, date] = day.split('-');
  return `ngày ${date} tháng ${month} năm ${year}`;
};

/**
 * Makes a step's file ready to be signed with this key, as it is at this moment.
 *
 * @throws AppError `signing-number-missing`: the clerk must give number and date; faults of the file
 */
export const prepareStep = async (
  { db, workers }: Pick<PartContext, 'db'> & { workers: PdfWorkers },
  {
    step,
    request,
    key,
    numbers,
  }: { step: StepRow; request: RequestRow; key: ChosenKey; numbers: PreparedStep['numbers'] },
): Promise<PreparedStep> => {
  if (step.numbers && numbers === undefined) throw new AppError('signing-number-missing');
  const file = await readFile(db, request.id, request.parts);
  const certificate = Buffer.from(key.credential.certificate, 'base64');
  const image = step.appearance?.image
    ? Buffer.from(step.appearance.image, 'base64')
    : await findImage(db, step);
  const { hash, ...made } = await workers.run('prepare', {
    file,
    fields:
      numbers === undefined ? {} : { [numberField]: numbers.number, [dateField]: dayInWords(numbers.date) },
    appearance: step.appearance ?? undefined,
    image,
    name: readCertificate(certificate).commonName ?? '',
    at: new Date(),
    certificate,
  });
  return {
    ...{ step, request, key, numbers, hash: Buffer.from(hash) },
    prepared: {
      ...made,
      increment: Buffer.from(made.increment),
      attributes: Buffer.from(made.attributes),
      baseParts: request.parts,
    },
  };
};
