import { createHash } from 'node:crypto';
import type { PdfObject } from '@libpdf/core';
import { verbatim } from '#signature/pdf/values.ts';

/** A signature that waits for its value. The file is the original and the increment, and stays as it is. */
export interface PreparedSignature {
  increment: Buffer;
  /** SHA-256 of everything but the value: what the CMS's message digest, or the time-stamp, is made of. */
  digest: Buffer;
  /** Where the value's hexadecimal digits begin, counted from the beginning of the increment. */
  contentsAt: number;
  /** Room for the value, in bytes: half as many as digits. */
  contentsBytes: number;
}

/** Enough for a chain of three, RSA-4096 and a time-stamp with its own chain; half of it is usually empty. */
export const usualRoom = 16_384;

/** Ten digits for each number: files of 100 MB and more need more than the usual nine. */
const emptyRange = Buffer.from(`[0 ${['', '', ''].map(() => '*'.repeat(10)).join(' ')}]`);

/** Zeros between angle brackets, two for each byte. */
const emptyContents = (room: number): Buffer => {
  const digits = Buffer.alloc(room * 2 + 2, '0');
  digits.write('<');
  digits.write('>', digits.length - 1);
  return digits;
};

/** Entries of a signature dictionary that are written when the rest of the file is there. */
export const emptyValue = (room: number): Record<string, PdfObject> => ({
  ByteRange: verbatim(emptyRange),
  Contents: verbatim(emptyContents(room)),
});

/** Writes the byte range (ISO 32000-2 §12.8.1): the whole file but the value. */
export const measure = (bytes: Uint8Array, saved: Buffer, room: number): PreparedSignature => {
  const increment = Buffer.from(saved);
  const rangeAt = increment.indexOf(emptyRange);
  const opening = increment.indexOf(emptyContents(room));
  if (rangeAt === -1 || opening === -1) throw new TypeError('The signature was not written as planned');
  const closed = opening + room * 2 + 2;
  const range = `[0 ${bytes.length + opening} ${bytes.length + closed} ${increment.length - closed}`;
  increment.write(`${range.padEnd(emptyRange.length - 1)}]`, rangeAt, 'latin1');
  const digest = createHash('sha256')
    .update(bytes)
    .update(increment.subarray(0, opening))
    .update(increment.subarray(closed))
    .digest();
  return { increment, digest, contentsAt: opening + 1, contentsBytes: room };
};
