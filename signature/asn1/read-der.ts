/** Bytes that are not what the format says. Who reads a certificate, a signature or a proof turns it into their own refusal. */
export class DerError extends Error {}

/** One value of ITU-T X.690. `raw` is what a signature covers; nothing is ever written anew from a reading. */
export interface Der {
  /** The identifier octet as it stands: 0x30 a SEQUENCE, 0xa0 the context-specific [0]. */
  tag: number;
  raw: Buffer;
  content: Buffer;
}

/** Nesting deeper than this is an attack: real structures stay under twenty. */
const deepest = 40;

const contentAt = (bytes: Buffer, at: number): { from: number; length: number | undefined } => {
  const first = bytes[at + 1];
  if (first === undefined) throw new DerError('ends inside a header');
  if (first < 0x80) return { from: at + 2, length: first };
  if (first === 0x80) return { from: at + 2, length: undefined };
  const octets = first & 0x7f;
  if (octets > 4 || at + 2 + octets > bytes.length) throw new DerError('a length that no file can have');
  return { from: at + 2 + octets, length: bytes.readUIntBE(at + 2, octets) };
};

/** The value that begins at `at`; what follows it is left alone. BER's indefinite lengths are read, too (X.690 §8.1.3.6). */
export const readDerAt = (bytes: Buffer, at = 0, depth = 0): Der => {
  const tag = bytes[at];
  if (tag === undefined) throw new DerError('ends where a value should begin');
  if ((tag & 0x1f) === 0x1f) throw new DerError('a tag that none of our formats has');
  if (depth > deepest) throw new DerError('nested too deep');
  const { from, length } = contentAt(bytes, at);
  if (length !== undefined) {
    if (length > bytes.length - from) throw new DerError('ends inside a value');
    return { tag, raw: bytes.subarray(at, from + length), content: bytes.subarray(from, from + length) };
  }
  if (!(tag & 0x20)) throw new DerError('no length for a value that has no parts');
  let end = from;
  while (bytes[end] !== 0 || bytes[end + 1] !== 0) end += readDerAt(bytes, end, depth + 1).raw.length;
  return { tag, raw: bytes.subarray(at, end + 2), content: bytes.subarray(from, end) };
};

/** The one value that fills all the bytes. */
export const readDer = (bytes: Uint8Array, tag?: number): Der => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = readDerAt(buffer);
  if (value.raw.length !== buffer.length) throw new DerError('something follows the value');
  if (tag !== undefined && value.tag !== tag) throw new DerError(`tag ${value.tag} where ${tag} should be`);
  return value;
};

/** The parts of a constructed value, one at a time: a CRL has a hundred thousand. */
export function* partsOf({ content }: Der): Generator<Der> {
  for (let at = 0; at < content.length; ) {
    const part = readDerAt(content, at);
    yield part;
    at += part.raw.length;
  }
}

/** Takes the fields of a SEQUENCE in their order. A missing or wrong field is a `DerError`. */
export class Fields {
  readonly #parts: Der[];
  constructor(value: Der, tag = 0x30) {
    if (value.tag !== tag) throw new DerError(`tag ${value.tag} where ${tag} should be`);
    this.#parts = [...partsOf(value)];
  }
  next(tag?: number): Der {
    const part = this.#parts.shift();
    if (!part) throw new DerError('a field is missing');
    if (tag !== undefined && part.tag !== tag) throw new DerError(`tag ${part.tag} where ${tag} should be`);
    return part;
  }
  optional(...tags: number[]): Der | undefined {
    const tag = this.#parts[0]?.tag;
    return tag !== undefined && tags.includes(tag) ? this.#parts.shift() : undefined;
  }
}
