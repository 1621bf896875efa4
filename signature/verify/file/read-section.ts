import { skipWhite } from '#signature/verify/file/characters.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { Reader, readObjectAt } from '#signature/verify/file/read-value.ts';
import { unpackStream } from '#signature/verify/file/unpack-stream.ts';
import { Dict, Stream, type Value } from '#signature/verify/file/values.ts';

/** Where an object stands: by itself, or in a stream of objects. */
export type Entry =
  | { kind: 'free' }
  | { kind: 'plain'; offset: number }
  | { kind: 'packed'; container: number; index: number };

/** One cross-reference section with its trailer (ISO 32000-2 §7.5.4–7.5.8): what one saving of the file wrote. */
export interface Section {
  at: number;
  /** After `%%EOF` and its line end, or after the trailer when something else follows. */
  end: number;
  /** What the `startxref` after it says; absent: none follows. */
  closes: number | undefined;
  entries: Map<number, Entry>;
  trailer: Dict;
  previous: number | undefined;
}

const maxObjects = 8_388_607;

const readTable = (text: string): Map<number, Entry> => {
  const words = text.split(/[\0\s]+/).filter(word => word !== '');
  const entries = new Map<number, Entry>();
  let next = 0;
  while (next < words.length) {
    const [start, count] = [Number(words[next]), Number(words[next + 1])];
    next += 2;
    if (!Number.isInteger(start) || !Number.isInteger(count) || next + 3 * count > words.length) {
      throw new OddFile('cross-reference-broken');
    }
    for (let index = 0; index < count; index += 1, next += 3) {
      const [offset, kind] = [Number(words[next]), words[next + 2]];
      if (!Number.isInteger(offset) || (kind !== 'n' && kind !== 'f')) {
        throw new OddFile('cross-reference-broken');
      }
      entries.set(start + index, kind === 'n' ? { kind: 'plain', offset } : { kind: 'free' });
    }
  }
  return entries;
};

const integers = (value: Value | undefined): number[] =>
  Array.isArray(value) && value.every(item => Number.isInteger(item) && (item as number) >= 0)
    ? (value as number[])
    : [];

const toEntry = (kind: number, second: number, third: number): Entry => {
  if (kind === 0) return { kind: 'free' };
  return kind === 1 ? { kind: 'plain', offset: second } : { kind: 'packed', container: second, index: third };
};

/** A number of up to eight bytes; one that no file is long enough for reads as the largest. */
const readNumber = (data: Buffer, at: number, width: number): number => {
  if (width <= 6) return data.readUIntBE(at, width);
  const high = data.readUIntBE(at, width - 6);
  return high > 0 ? Number.MAX_SAFE_INTEGER : data.readUIntBE(at + width - 6, 6);
};

const readTableStream = (dict: Dict, data: Buffer): Map<number, Entry> => {
  const [first = 0, second = 0, third = 0] = integers(dict.get('W'));
  const index = dict.has('Index') ? integers(dict.get('Index')) : [0, Number(dict.get('Size'))];
  const width = first + second + third;
  if (width < 2 || Math.max(first, second, third) > 8 || index.length % 2 === 1) {
    throw new OddFile('cross-reference-broken');
  }
  const entries = new Map<number, Entry>();
  let at = 0;
  for (let part = 0; part < index.length; part += 2) {
    for (let step = 0; step < index[part + 1]!; step += 1, at += width) {
      if (at + width > data.length) throw new OddFile('cross-reference-broken');
      const kind = first === 0 ? 1 : readNumber(data, at, first);
      const value = second === 0 ? 0 : readNumber(data, at + first, second);
      const last = third === 0 ? 0 : readNumber(data, at + first + second, third);
      entries.set(index[part]! + step, toEntry(kind, value, last));
    }
  }
  return entries;
};

const close = (bytes: Buffer, from: number): { end: number; closes: number | undefined } => {
  // Some programs write their name in a comment before it.
  const at = skipWhite(bytes, from);
  const found = /^startxref\s+(\d{1,12})\s+%%EOF[ \t]*(\r\n|\r|\n)?/.exec(
    bytes.toString('latin1', at, at + 128),
  );
  return found ? { end: at + found[0].length, closes: Number(found[1]) } : { end: from, closes: undefined };
};

const previousOf = (trailer: Dict): number | undefined => {
  const previous = trailer.get('Prev');
  return typeof previous === 'number' ? previous : undefined;
};

const readStreamSection = (bytes: Buffer, at: number): Section => {
  const { value, end } = readObjectAt(bytes, at);
  const length = value instanceof Stream ? value.dict.get('Length') : undefined;
  if (!(value instanceof Stream) || typeof length !== 'number' || end + length > bytes.length) {
    throw new OddFile('cross-reference-broken', `byte ${at}`);
  }
  const entries = readTableStream(value.dict, unpackStream(value.dict, bytes.subarray(end, end + length)));
  const reader = new Reader(bytes, end + length);
  if (!reader.take('endstream') || !reader.take('endobj')) {
    throw new OddFile('cross-reference-broken', `byte ${at}`);
  }
  const { dict: trailer } = value;
  return { at, ...close(bytes, reader.at), entries, trailer, previous: previousOf(trailer) };
};

/** Reads the section at a byte; a table of a hybrid file together with its stream (§7.5.8.4). @throws OddFile */
export const readSection = (bytes: Buffer, at: number): Section => {
  const from = skipWhite(bytes, at);
  if (bytes.toString('latin1', from, from + 4) !== 'xref') return readStreamSection(bytes, at);
  const word = bytes.indexOf('trailer', from);
  if (word === -1) throw new OddFile('cross-reference-broken', `byte ${at}`);
  const entries = readTable(bytes.toString('latin1', from + 4, word));
  const reader = new Reader(bytes, word + 7);
  const trailer = reader.read();
  if (!(trailer instanceof Dict)) throw new OddFile('cross-reference-broken', `byte ${word}`);
  const hybrid = trailer.get('XRefStm');
  if (typeof hybrid === 'number') {
    for (const [number, entry] of readStreamSection(bytes, hybrid).entries) {
      if ((entries.get(number)?.kind ?? 'free') === 'free') entries.set(number, entry);
    }
  }
  if (entries.size > maxObjects) throw new OddFile('too-complex', 'cross-reference');
  return { at, ...close(bytes, reader.at), entries, trailer, previous: previousOf(trailer) };
};
