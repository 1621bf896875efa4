import { OddFile } from '#signature/verify/file/odd.ts';
import { readSection, type Section } from '#signature/verify/file/read-section.ts';
import { Reader, type ReadObject, readObjectAt } from '#signature/verify/file/read-value.ts';
import { unpackStream } from '#signature/verify/file/unpack-stream.ts';
import { Stream, type Value } from '#signature/verify/file/values.ts';

/** What the streams of objects in a file may unpack to, together. */
const maxUnpacked = 256 * 1024 * 1024;

/** The objects in a stream of objects (ISO 32000-2 §7.5.7): which numbers, and where each begins. */
interface Container {
  data: Buffer;
  numbers: number[];
  offsets: number[];
}

/**
 * The bytes of a file with everything that was read from them: an object at a place is read once, for however many
 * signatures look at it.
 */
export class SourceFile {
  readonly bytes: Buffer;
  readonly #objects = new Map<number, ReadObject>();
  readonly #sections = new Map<number, Section>();
  readonly #containers = new Map<number, Container>();
  readonly #packed = new Map<string, Value>();
  #unpacked = 0;

  constructor(pdf: Uint8Array) {
    this.bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.length);
  }

  objectAt(offset: number): ReadObject {
    const known = this.#objects.get(offset);
    if (known) return known;
    const read = readObjectAt(this.bytes, offset);
    this.#objects.set(offset, read);
    return read;
  }

  sectionAt(offset: number): Section {
    const known = this.#sections.get(offset);
    if (known) return known;
    if (this.#sections.size > 2000) throw new OddFile('too-complex', 'cross-reference');
    const read = readSection(this.bytes, offset);
    this.#sections.set(offset, read);
    return read;
  }

  /** The data of a stream as it stands, its end proven by the word `endstream`. @throws OddFile stream-length */
  dataOf(stream: Stream, length: Value | undefined): Buffer {
    const { at } = stream;
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
      throw new OddFile('stream-length', `byte ${at}`);
    }
    const reader = new Reader(this.bytes, at + length);
    if (!reader.take('endstream')) throw new OddFile('stream-length', `byte ${at}`);
    return this.bytes.subarray(at, at + length);
  }

  /** The object `index` of the stream of objects at `offset`; it must carry this number. */
  packedAt(offset: number, index: number, number: number, lengthOf: (stream: Stream) => Value): Value {
    const key = `${offset}:${index}`;
    const known = this.#packed.get(key);
    if (known !== undefined) return known;
    const container = this.#containers.get(offset) ?? this.#openContainer(offset, lengthOf);
    const at = container.offsets[index];
    if (at === undefined || container.numbers[index] !== number) {
      throw new OddFile('object-misplaced', `object ${number}`);
    }
    const value = new Reader(container.data, at).read();
    this.#packed.set(key, value);
    return value;
  }

  #openContainer(offset: number, lengthOf: (stream: Stream) => Value): Container {
    const { value } = this.objectAt(offset);
    if (!(value instanceof Stream)) throw new OddFile('object-misplaced', `byte ${offset}`);
    const data = unpackStream(value.dict, this.dataOf(value, lengthOf(value)));
    this.#unpacked += data.length;
    if (this.#unpacked > maxUnpacked) throw new OddFile('too-complex', 'streams of objects');
    const [count, first] = [Number(value.dict.get('N')), Number(value.dict.get('First'))];
    if (!(count >= 0 && count <= data.length && first >= 0 && first <= data.length)) {
      throw new OddFile('stream-unreadable', `byte ${offset}`);
    }
    const words = data.toString('latin1', 0, first).trim().split(/\s+/).map(Number);
    const numbers = words.filter((_, place) => place % 2 === 0).slice(0, count);
    const offsets = words.filter((_, place) => place % 2 === 1).map(place => first + place);
    const container = { data, numbers, offsets };
    this.#containers.set(offset, container);
    return container;
  }
}
