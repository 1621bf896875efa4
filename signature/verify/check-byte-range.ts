import type { VerificationReason } from '#schemas/verification.ts';
import { hexDigit } from '#signature/verify/file/characters.ts';
import { readHexText } from '#signature/verify/file/read-text.ts';
import { Text } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';
import type { FoundSignature } from '#signature/verify/find-signatures.ts';

/** What a signature covers: everything before `end` but its own value. */
export interface Coverage {
  gapFrom: number;
  gapEnd: number;
  end: number;
  /** The signature value with its padding. */
  contents: Buffer;
}

const fault = (code: string, field: string): { fault: VerificationReason } => ({
  fault: { code, place: field },
});

/** Whether a revision of the file ends here: after `%%EOF` and at most one line end. */
const endsRevision = (bytes: Buffer, end: number): boolean =>
  /startxref\s+\d{1,12}\s+%%EOF[ \t]*(\r\n|\r|\n)?$/.test(
    bytes.toString('latin1', Math.max(0, end - 128), end),
  );

/**
 * The rules of /ByteRange (ISO 32000-2 §12.8.1, EN 319 142-1 §5.3): four whole numbers; from the first byte; the gap is
 * exactly the /Contents of this dictionary, brackets included; to the end of a revision. All known forgeries break one.
 */
export const checkByteRange = (
  view: View,
  { dict, field }: FoundSignature,
): { coverage: Coverage } | { fault: VerificationReason } => {
  const { name } = field;
  const { bytes } = view.file;
  if (dict.repeats) return fault('signature-dictionary-ambiguous', name);
  const range = view.array(dict.get('ByteRange'));
  if (!range) return fault('byte-range-missing', name);
  if (range.length !== 4 || !range.every(part => Number.isSafeInteger(part) && (part as number) >= 0)) {
    return fault('byte-range-odd', name);
  }
  const [start, before, after, rest] = range as [number, number, number, number];
  const end = after + rest;
  if (start !== 0 || before === 0 || after <= before || rest === 0) return fault('byte-range-odd', name);
  if (end > bytes.length) return fault('byte-range-beyond-file', name);
  const contents = dict.get('Contents');
  if (!(contents instanceof Text) || !contents.hex || contents.bytes.length === 0) {
    return fault('contents-missing', name);
  }
  if (contents.at !== before || contents.end !== after) return fault('contents-not-in-gap', name);
  // A dictionary out of a stream of objects has places in that stream: the bytes of the gap must say the same.
  // White space between the digits would be a place to hide in: no signature program writes any.
  const digits = bytes.subarray(before + 1, after - 1);
  if (digits.length % 2 === 1 || digits.some(digit => hexDigit(digit) < 0))
    return fault('contents-not-in-gap', name);
  const inGap = bytes[before] === 0x3c ? readHexText(bytes, before) : undefined;
  if (inGap?.end !== after || !inGap.bytes.equals(contents.bytes)) return fault('contents-not-in-gap', name);
  if (!endsRevision(bytes, end)) return fault('revision-end-missing', name);
  return { coverage: { gapFrom: before, gapEnd: after, end, contents: contents.bytes } };
};
