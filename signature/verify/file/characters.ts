/** Classes of bytes (ISO 32000-2 §7.2.3). */
const white = new Uint8Array(256);
for (const code of [0, 9, 10, 12, 13, 32]) white[code] = 1;
const delimiter = new Uint8Array(256);
for (const sign of '()<>[]{}/%') delimiter[sign.charCodeAt(0)] = 1;

export const isWhite = (byte: number | undefined): boolean => byte !== undefined && white[byte] === 1;
/** A byte that belongs to a name, a number or a keyword. */
export const isRegular = (byte: number | undefined): boolean =>
  byte !== undefined && white[byte] === 0 && delimiter[byte] === 0;

/** The first byte at or after `at` that is neither white space nor part of a comment. */
export const skipWhite = (bytes: Buffer, at: number): number => {
  let next = at;
  while (next < bytes.length) {
    const byte = bytes[next]!;
    if (white[byte] === 1) next += 1;
    else if (byte === 0x25) {
      while (next < bytes.length && bytes[next] !== 10 && bytes[next] !== 13) next += 1;
    } else break;
  }
  return next;
};

export const hexDigit = (byte: number | undefined): number => {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};
