import type {
  SignatureReport,
  Verdict,
  VerificationReason,
  VerificationReport,
} from '#schemas/verification.ts';
import { isWhite } from '#signature/verify/file/characters.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { SourceFile } from '#signature/verify/file/source-file.ts';
import { View } from '#signature/verify/file/view.ts';
import { findSignatures, maxSignatures } from '#signature/verify/find-signatures.ts';
import { reportSignatures } from '#signature/verify/report-signatures.ts';
import type { Trust } from '#signature/verify/trust.ts';

const order: readonly Verdict[] = ['valid', 'indeterminate', 'invalid'];

const worst = (verdicts: readonly Verdict[]): Verdict =>
  order[Math.max(...verdicts.map(verdict => order.indexOf(verdict)))] ?? 'indeterminate';

/** What stands after the last `%%EOF`: a program that reads from the end may see a file that others do not. */
const bytesAfterEnd = (bytes: Buffer): VerificationReason[] => {
  let from = bytes.lastIndexOf('%%EOF') + 5;
  while (isWhite(bytes[from])) from += 1;
  return from < bytes.length ? [{ code: 'bytes-after-end', place: `byte ${from}` }] : [];
};

const undecided = (code: string, place?: string): VerificationReport => ({
  verdict: 'indeterminate',
  reasons: [{ code, ...(place ? { place } : {}) }],
  signatures: [],
});

const verify = (file: SourceFile, trust: Trust): VerificationReport => {
  const now = new View(file, file.bytes.length);
  const found = findSignatures(now);
  if (found.length === 0) {
    return undecided(file.bytes.includes('/ByteRange') ? 'signatures-out-of-reach' : 'no-signatures');
  }
  if (found.length > maxSignatures) return undecided('too-complex', 'signatures');
  const signatures: SignatureReport[] = reportSignatures(now, found, trust);
  const reasons = bytesAfterEnd(file.bytes);
  const own: Verdict = reasons.length > 0 ? 'indeterminate' : 'valid';
  return { verdict: worst([own, ...signatures.map(({ verdict }) => verdict)]), reasons, signatures };
};

/**
 * Judges every signature and document time-stamp of a PDF (PAdES, EN 319 142-1; verdicts after EN 319 102-1): its bytes,
 * its certificate at the proven time, and what was done to the file after it. A file that cannot be read without guessing,
 * or a proof that is missing, gives `indeterminate` with a reason; `valid` is said only of what is proven. The verdict of
 * the file is that of its worst signature. Never throws for what a file holds. Asks no network: bring fresh proofs in `trust`.
 */
export const verifyPdf = async (pdf: Uint8Array, trust: Trust): Promise<VerificationReport> => {
  try {
    return verify(new SourceFile(pdf), trust);
  } catch (error) {
    if (error instanceof OddFile) return undecided(error.code, error.place);
    // Numbers beyond all bounds end here: the file is at fault, and the answer must not be a crash.
    if (error instanceof RangeError || error instanceof TypeError) return undecided('file-unreadable');
    throw error;
  }
};
