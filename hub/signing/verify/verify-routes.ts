import { buffer } from 'node:stream/consumers';
import type { Route } from '#hub/platform/http/route.ts';
import { explainReport } from '#hub/signing/verify/explain-report.ts';
import { VerificationAnswer } from '#hub/signing/verify/verification-answer.ts';
import type { VerificationReport } from '#schemas/verification.ts';

/** As large as a file that is sent to be signed. */
const maxBytes = 100 * 1024 * 1024;

/**
 * The routes of verification. `verify` judges a file with the province's roots (`verifyPdf`), in a worker if need be. The file is
 * neither kept nor logged.
 */
export const verifyRoutes = (verify: (pdf: Uint8Array) => Promise<VerificationReport>): Route[] => [
  {
    method: 'POST',
    path: '/api/v1/signing/verify',
    scope: 'signing.verify',
    tag: 'signing',
    summary: 'Verify the signatures of a PDF',
    description:
      'Judges every signature and time-stamp: what it covers, who signed, when, and what was changed after it. ' +
      'The answer is 200 whatever the verdict. `valid` is said only of what is proven; a missing proof gives `indeterminate`. ' +
      'The words are in the language of `Accept-Language`.',
    raw: true,
    contentTypes: ['application/pdf'],
    maxBytes,
    answer: VerificationAnswer,
    handle: async ({ stream, language }) => {
      const report = await verify(await buffer(stream));
      return { report, words: explainReport(report, language) };
    },
  },
];
