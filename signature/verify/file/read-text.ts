import { hexDigit, isWhite } from '#signature/verify/file/characters.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { Text } from '#signature/verify/file/values.ts';

/** `<48656C6C6F>`; anything but hexadecimal digits and white space inside is odd. */
export const readHexText = (bytes: Buffer, at: number): Text => {
  const close = bytes.indexOf(0x3e, at);
  if (close === -1) throw new OddFile('value-unreadable', `byte ${at}`);
  const out = Buffer.allocUnsafe((close - at) >> 1);
  let half = -1;
  let length = 0;
  for (let next = at + 1; next < close; next += 1) {
    const digit = hexDigit(bytes[next]);
    if (digit < 0) {
      if (isWhite(bytes[next])) continue;
      throw new OddFile('value-unreadable', `byte ${next}`);
    }
    if (half < 0) half = digit;
    else {
      out[length] = half * 16 + digit;
      length += 1;
      half = -1;
    }
  }
  if (half < 0) return new Text(out.subarray(0, length), true, at, close + 1);
  return new Text(Buffer.concat([out.subarray(0, length), Buffer.of(half * 16)]), true, at, close + 1);
};

const escapes: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** The byte that a backslash at `at` stands for, and how many bytes of the file it takes; -1 for a line that goes on. */
const readEscape = (bytes: Buffer, at: number): [byte: number, taken: number] => {
  const octal = /^[0-7]{1,3}/.exec(bytes.toString('latin1', at + 1, at + 4))?.[0];
  if (octal) return [Number.parseInt(octal, 8) & 255, 1 + octal.length];
  const next = bytes[at + 1];
  if (next === 13 && bytes[at + 2] === 10) return [-1, 3];
  if (next === 10 || next === 13) return [-1, 2];
  return [escapes[String.fromCharCode(next ?? 0)] ?? next ?? 0, 2];
};

/** `(Hello (again))` with its escapes (ISO 32000-2 §7.3.4.2). */
export const readPlainText = (bytes: Buffer, at: number): Text => {
  const out: number[] = [];
  let open = 1;
  let next = at + 1;
  while (next < bytes.length) {
    const byte = bytes[next]!;
    if (byte === 0x5c) {
      const [escaped, taken] = readEscape(bytes, next);
      if (escaped >= 0) out.push(escaped);
      next += taken;
      continue;
    }
    if (byte === 0x28) open += 1;
    if (byte === 0x29) open -= 1;
    next += 1;
    if (open === 0) return new Text(Buffer.from(out), false, at, next);
    out.push(byte);
  }
  throw new OddFile('value-unreadable', `byte ${at}`);
};
