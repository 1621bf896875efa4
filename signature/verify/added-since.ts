import type { Changes, VerificationReason } from '#schemas/verification.ts';
import { readDerAt } from '#signature/asn1/read-der.ts';
import { compareViews } from '#signature/verify/compare/compare-views.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { SourceFile } from '#signature/verify/file/source-file.ts';
import { Text } from '#signature/verify/file/values.ts';
import { View } from '#signature/verify/file/view.ts';
import { type FoundSignature, findSignatures } from '#signature/verify/find-signatures.ts';

/** What was added to a file after a place in it. */
export interface Added {
  changes: Exclude<Changes, 'none'>;
  /** When it is suspicious: what should not have been changed. */
  changed: VerificationReason[];
  /** The fields that were signed since, with their values (CMS, or a time-stamp token). */
  signatures: { field: string; value: Buffer }[];
}

const suspicious = (code: string, place?: string): Added => ({
  changes: 'suspicious',
  changed: [{ code, ...(place ? { place } : {}) }],
  signatures: [],
});

/** The value without the zeros behind it; what cannot be read is empty, and is no signature of anybody. */
const cmsOf = (view: View, { dict }: FoundSignature): Buffer => {
  const contents = view.resolve(dict.get('Contents'));
  try {
    return contents instanceof Text ? readDerAt(contents.bytes).raw : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
};

const compare = (file: SourceFile, end: number): Added => {
  const [before, now] = [new View(file, end), new View(file, file.bytes.length)];
  const known = new Set(findSignatures(before).map(({ field }) => field.name));
  const added = findSignatures(now).filter(({ field }) => !known.has(field.name));
  const findings = compareViews(before, now);
  return {
    changes: findings.suspicious ? 'suspicious' : 'allowed',
    changed: findings.list
      .filter(({ allowed }) => findings.suspicious && !allowed)
      .map(({ code, place }) => ({ code, place })),
    signatures: added.map(one => ({ field: one.field.name, value: cmsOf(now, one) })),
  };
};

/**
 * What was done to a PDF since its first `end` bytes, which are a whole file themselves: signed or not, by the same rules as what
 * comes after a signature. What cannot be read without guessing is suspicious. Never throws for what a file holds.
 */
export const addedSince = (pdf: Uint8Array, end: number): Added => {
  try {
    return compare(new SourceFile(pdf), end);
  } catch (error) {
    if (error instanceof OddFile) return suspicious(error.code, error.place);
    if (error instanceof RangeError || error instanceof TypeError) return suspicious('file-unreadable');
    throw error;
  }
};
