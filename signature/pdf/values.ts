import { PdfArray, PdfDict, PdfNumber, type PdfObject, PdfString } from '@libpdf/core';

/** What writes objects: the part of the library's writer that is used here. */
interface Writer {
  writeAscii(text: string): void;
  writeBytes(bytes: Uint8Array): void;
}

/** Bytes that stand in the file as they are: never encrypted, and as long as they were planned. */
export const verbatim = (bytes: Uint8Array): PdfObject =>
  ({ type: 'raw', toBytes: (writer: Writer) => writer.writeBytes(bytes) }) as unknown as PdfObject;

/** A text string (ISO 32000-2 §7.9.2.2), in hex: the library does not escape a carriage return in literal strings. */
export const textString = (text: string): PdfString => {
  const bytes = /^[\x20-\x7e]*$/.test(text)
    ? Buffer.from(text, 'latin1')
    : Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
  return new PdfString(new Uint8Array(bytes), 'hex');
};

/** A date (ISO 32000-2 §7.9.4) as Việt Nam's clocks show it. */
export const dateString = (time: Date): PdfString => {
  const local = new Date(time.getTime() + 7 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
  return new PdfString(new TextEncoder().encode(`D:${local}+07'00'`));
};

export const numbers = (values: readonly number[]): PdfArray =>
  PdfArray.of(...values.map(value => PdfNumber.of(Math.round(value * 1000) / 1000)));

/** A number written with all its digits: the library rounds to five. */
class ExactNumber extends PdfNumber {
  override toBytes(writer: Parameters<PdfNumber['toBytes']>[0]): void {
    const shortest = String(this.value);
    writer.writeAscii(shortest.includes('e') ? this.value.toFixed(20).replace(/\.?0+$/, '') : shortest);
  }
}

const exact = (value: PdfObject): PdfObject => {
  if (value instanceof PdfNumber && !Number.isInteger(value.value)) return new ExactNumber(value.value);
  if (value instanceof PdfString && value.format === 'literal' && value.bytes.includes(13)) {
    return new PdfString(value.bytes, 'hex');
  }
  if (value instanceof PdfDict || value instanceof PdfArray) keepExact(value);
  return value;
};

/** Makes an object that is written again say exactly what it said: a rounded MediaBox would be a change of the page. */
export const keepExact = (object: PdfDict | PdfArray): void => {
  if (object instanceof PdfArray) {
    for (let at = 0; at < object.length; at += 1) {
      const value = object.at(at)!;
      const kept = exact(value);
      if (kept !== value) object.set(at, kept);
    }
    return;
  }
  for (const [key, value] of [...object]) {
    const kept = exact(value);
    if (kept !== value) object.set(key, kept);
  }
};
