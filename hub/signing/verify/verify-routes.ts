import { buffer } from 'node:stream/consumers';
import { AppError } from '#hub/platform/errors.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { readForm } from '#hub/signing/read-form.ts';
import { maxFileBytes } from '#hub/signing/receive-request.ts';
import { explainReport } from '#hub/signing/verify/explain-report.ts';
import { VerificationAnswer } from '#hub/signing/verify/verification-answer.ts';
import type { VerificationReport } from '#schemas/verification.ts';

const readFiles = async (
  stream: NodeJS.ReadableStream,
  contentType: string,
): Promise<{ file: Uint8Array; beside?: Uint8Array }> => {
  if (!contentType.startsWith('multipart/')) return { file: await buffer(stream) };
  const { files } = await readForm(stream, contentType, {
    fields: [],
    files: ['file', 'signature'],
    maxBytes: maxFileBytes,
  });
  if (files.file === undefined) throw new AppError('malformed-body', { reason: 'file' });
  return { file: files.file.bytes, ...(files.signature ? { beside: files.signature.bytes } : {}) };
};

/**
 * The routes of verification. `verify` judges a file with the province's roots (`verifyPdf`), in a worker if need be. The file is
 * neither kept nor logged.
 */
export const verifyRoutes = (
  verify: (file: Uint8Array, beside?: Uint8Array) => Promise<VerificationReport>,
): Route[] => [
  {
    method: 'POST',
    path: '/api/v1/signing/verify',
    scope: 'signing.verify',
    tag: 'signing',
    summary: 'Verify the signatures of a file',
    description:
      'A PDF or XML as the body; or multipart/form-data with `file` and `signature` (.p7s). ' +
      'Judges every signature and time-stamp: what it covers, who signed, when, and what was changed after it. ' +
      'The answer is 200 whatever the verdict. `valid` is said only of what is proven; a missing proof gives `indeterminate`. ' +
      'The words are in the language of `Accept-Language`.',
    raw: true,
    contentTypes: ['application/pdf', 'application/xml', 'text/xml', 'multipart/form-data'],
    maxBytes: maxFileBytes,
    answer: VerificationAnswer,
    handle: async ({ stream, headers, language }) => {
      const { file, beside } = await readFiles(stream, String(headers['content-type'] ?? ''));
      const report = await verify(file, beside);
      return { report, words: explainReport(report, language) };
    },
  },
];
