import { X509Certificate } from 'node:crypto';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Numbers } from '#hub/signing/file-jobs.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { fromBase64 } from '#hub/signing/from-base64.ts';
import type { Look } from '#hub/signing/looks.ts';
import { readFile } from '#hub/signing/read-file.ts';
import type { RequestRow } from '#hub/signing/request-store.ts';
import type { ChosenKey, StepRow } from '#hub/signing/step-store.ts';
import type { Appearance } from '#schemas/signing.ts';

/** A step with everything that its signature needs but the signature. */
export interface PreparedStep {
  step: StepRow;
  request: RequestRow;
  key: ChosenKey;
  numbers: Numbers | undefined;
  hash: Buffer;
  prepared: {
    increment: Buffer;
    contentsAt: number;
    contentsBytes: number;
    baseParts: number;
    attributes: Buffer;
  };
}

/** The common name of a certificate, for viewers. */
export const nameIn = (der: Uint8Array): string =>
  /(?:^|\n)CN=(.*)/.exec(new X509Certificate(der).subject)?.[1] ?? '';

/** What a signature looks like when the request does not say: the signer's picture, if there is one. */
const usualKind = (step: StepRow, image: Uint8Array | undefined): Appearance['kind'] =>
  image === undefined ? 'none' : step.staffId === null ? 'seal' : 'handwriting';

/**
 * Makes a step's file ready to be signed with this key, as it is at this moment.
 *
 * @throws AppError `signing-number-missing`: the clerk must give number and date; faults of the file
 */
export const prepareStep = async (
  { db, workers }: Pick<PartContext, 'db'> & { workers: FileWorkers },
  {
    step,
    request,
    key,
    numbers,
    look,
  }: {
    step: StepRow;
    request: RequestRow;
    key: ChosenKey;
    numbers: PreparedStep['numbers'];
    look: Look;
  },
): Promise<PreparedStep> => {
  if (step.numbers && numbers === undefined) throw new AppError('signing-number-missing');
  const file = await readFile(db, request);
  const certificate = fromBase64(key.credential.certificate);
  const image = step.appearance?.image ? fromBase64(step.appearance.image) : look.image;
  const { hash, ...made } = await workers.run(
    'prepare',
    {
      format: request.format,
      file,
      numbers,
      appearance: step.appearance ?? { kind: usualKind(step, image) },
      image,
      person: look.person,
      name: nameIn(certificate),
      at: new Date(),
      certificate,
      chain: key.credential.chain.map(fromBase64),
    },
    [file.buffer],
  );
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
