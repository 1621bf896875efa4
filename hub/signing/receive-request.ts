import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { findAsked, insertRequest } from '#hub/signing/new-request-store.ts';
import type { RequestRow } from '#hub/signing/request-store.ts';
import type { StepRow } from '#hub/signing/step-store.ts';
import { signingFact } from '#hub/signing/tell.ts';
import type { SigningRequestInput, SigningStepInput } from '#schemas/signing.ts';

/** Larger files are refused: they are held in memory while a signature is prepared. */
export const maxFileBytes = 100 * 1024 * 1024;

const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The same bytes, as the database takes them. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What kind of signature a file takes, by its first bytes. */
export const formatOf = (file: Uint8Array): RequestRow['format'] => {
  const start = Buffer.from(file.subarray(0, 1024)).toString('latin1');
  if (start.includes('%PDF-')) return 'pdf';
  return /^(?:\xef\xbb\xbf)?\s*</.test(start) ? 'xml' : 'other';
};

const readSigner = async (
  call: PartContext['call'],
  { signer }: SigningStepInput,
  position: number,
): Promise<Pick<StepRow, 'staffId' | 'unitId'>> => {
  const unknown = (code: string): AppError =>
    new AppError('invalid-request', {}, { faults: [{ pointer: `/steps/${position}/signer`, code }] });
  if ('unitId' in signer) {
    await call('units.get', { id: signer.unitId }).catch(() => {
      throw unknown('unknown-unit');
    });
    return { staffId: null, unitId: signer.unitId };
  }
  const person = await call('staff.account', 'staffId' in signer ? { id: signer.staffId } : signer);
  if (person === undefined) throw unknown('unknown-staff');
  if (person.status !== 'active') throw unknown('not-active');
  return { staffId: person.id, unitId: null };
};

/** What a format cannot have. @throws AppError `signing-not-for-format` */
const refuseUnfit = (format: RequestRow['format'], { steps, putBack }: SigningRequestInput): void => {
  if (format === 'pdf') return;
  const proofs = steps.find(({ level = 'B-B' }) => level !== 'B-B' && level !== 'B-T');
  if (proofs !== undefined) throw new AppError('signing-not-for-format', { what: proofs.level! });
  if (format === 'xml' && steps.length > 1) throw new AppError('signing-not-for-format', { what: 'XML' });
  if (format === 'other' && putBack) throw new AppError('signing-not-for-format', { what: 'putBack' });
};

/**
 * Takes a file to be signed. When this answers it is kept; the same file with the same steps for the same document of
 * the same app again is the request that is there.
 *
 * @throws AppError for a file that cannot be signed (`pdf-broken`, `pdf-encrypted`, `pdf-certified`, …), an unknown signer
 */
export const receiveRequest = async (
  { db, call, workers }: Pick<PartContext, 'db' | 'call'> & { workers: FileWorkers },
  {
    input,
    file,
    appId,
    actor,
    batchId,
  }: { input: SigningRequestInput; file: Uint8Array; appId: string; actor: string; batchId?: string },
): Promise<{ id: string; created: boolean }> => {
  if (file.length > maxFileBytes)
    throw new AppError('too-large', { limit: `${maxFileBytes / 1024 / 1024} MB` });
  const { documentId, title, fileName, dueAt, reserve } = input;
  const original = sha256(file);
  const asked = sha256(original, JSON.stringify([input.steps, reserve ?? false, input.putBack ?? false]));
  const known = await findAsked(db, { appId, documentId, asked });
  if (known !== undefined) return { id: known, created: false };
  const format = formatOf(file);
  refuseUnfit(format, input);
  const signers = await Promise.all(input.steps.map((step, index) => readSigner(call, step, index)));
  const { increment } = await workers.run('check', { format, file, reserve: reserve ?? false });
  const id = randomUUID();
  const created = await insertRequest(
    db,
    {
      ...{ id, appId, actor, batchId, documentId, title, fileName, format, dueAt, asked, original },
      documentType: input.documentType?.normalize('NFC').trim() || null,
      putBack: input.putBack ?? false,
      current: increment.length === 0 ? original : sha256(file, increment),
      file: asBuffer(file),
      increment: asBuffer(increment),
      steps: input.steps.map((step, index) => ({
        ...signers[index]!,
        level: step.level ?? 'B-B',
        appearance: step.appearance ?? null,
        numbers: step.numbers ?? false,
      })),
    },
    { ...signingFact('signing.received', actor, { id, appId, documentId }), subjectVersion: 1 },
  );
  // Somebody asked the same at the same moment.
  return created ? { id, created } : { id: (await findAsked(db, { appId, documentId, asked }))!, created };
};
