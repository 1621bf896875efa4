import { OddFile } from '#signature/verify/file/odd.ts';
import type { Entry, Section } from '#signature/verify/file/read-section.ts';
import type { SourceFile } from '#signature/verify/file/source-file.ts';
import { Dict, Ref, type Stream, type Value } from '#signature/verify/file/values.ts';

const maxSections = 1000;

const findStart = (bytes: Buffer, end: number): number => {
  const from = Math.max(0, end - 1024);
  const tail = bytes.toString('latin1', from, end);
  const found = [...tail.matchAll(/startxref\s+(\d{1,12})\s+%%EOF/g)].at(-1);
  if (!found) throw new OddFile('end-missing', `byte ${end}`);
  return Number(found[1]);
};

const readChain = (file: SourceFile, start: number, end: number): Section[] => {
  const chain: Section[] = [];
  const seen = new Set<number>();
  for (let next: number | undefined = start; next !== undefined; ) {
    if (seen.has(next) || seen.size > maxSections) throw new OddFile('cross-reference-broken', 'Prev');
    if (next >= end) throw new OddFile('cross-reference-broken', `byte ${next}`);
    seen.add(next);
    const section = file.sectionAt(next);
    chain.push(section);
    next = section.previous;
  }
  return chain;
};

/** A file as it was when its first `end` bytes were all there was. */
export class View {
  readonly file: SourceFile;
  readonly end: number;
  /** Newest first. */
  readonly sections: Section[];
  readonly trailer: Dict;
  readonly entries = new Map<number, Entry>();

  /** @throws OddFile when the cross-reference cannot be followed */
  constructor(file: SourceFile, end: number) {
    this.file = file;
    this.end = end;
    this.sections = readChain(file, findStart(file.bytes, end), end);
    this.trailer = this.sections[0]!.trailer;
    for (const section of this.sections) {
      for (const [number, entry] of section.entries) {
        if (!this.entries.has(number)) this.entries.set(number, entry);
      }
    }
  }

  /** Equal for two views exactly when the object stands at the same bytes; undefined: there is none. */
  placeOf(number: number): string | number | undefined {
    const entry = this.entries.get(number);
    if (entry?.kind === 'plain') return entry.offset === 0 ? undefined : entry.offset;
    if (entry?.kind !== 'packed') return undefined;
    const container = this.entries.get(entry.container);
    return container?.kind === 'plain' ? `${container.offset}:${entry.index}` : undefined;
  }

  /** The object of a number; null when there is none. @throws OddFile object-misplaced, stream-unreadable, … */
  get(number: number): Value {
    const entry = this.entries.get(number);
    if (entry === undefined || entry.kind === 'free') return null;
    if (entry.kind === 'plain') {
      if (entry.offset === 0) return null;
      if (entry.offset >= this.end) throw new OddFile('object-misplaced', `object ${number}`);
      const read = this.file.objectAt(entry.offset);
      // One that runs on into later bytes would look the same before and after they were changed.
      if (read.number !== number || read.end > this.end) {
        throw new OddFile('object-misplaced', `object ${number}`);
      }
      return read.value;
    }
    if (this.trailer.has('Encrypt')) throw new OddFile('encrypted', `object ${number}`);
    const container = this.entries.get(entry.container);
    if (container?.kind !== 'plain' || container.offset >= this.end) {
      throw new OddFile('object-misplaced', `object ${number}`);
    }
    return this.file.packedAt(container.offset, entry.index, number, stream => this.#packedLength(stream));
  }

  /** A length that stands in a stream of objects could need itself to be found. */
  #packedLength(stream: Stream): Value {
    const length = stream.dict.get('Length');
    if (length instanceof Ref && this.entries.get(length.number)?.kind !== 'plain') {
      throw new OddFile('stream-length', `byte ${stream.at}`);
    }
    return this.resolve(length);
  }

  /** Follows references to a value; a chain of them is odd. */
  resolve(value: Value | undefined): Value {
    let found = value ?? null;
    for (let steps = 0; found instanceof Ref; steps += 1) {
      if (steps > 8) throw new OddFile('too-deep', `object ${found.number}`);
      found = this.get(found.number);
    }
    return found;
  }

  dict(value: Value | undefined): Dict | undefined {
    const found = this.resolve(value);
    return found instanceof Dict ? found : undefined;
  }

  array(value: Value | undefined): Value[] | undefined {
    const found = this.resolve(value);
    return Array.isArray(found) ? found : undefined;
  }

  /** The data of a stream. @throws OddFile stream-length when it does not end where its length says, or after this view */
  dataOf(stream: Stream): Buffer {
    const data = this.file.dataOf(stream, this.resolve(stream.dict.get('Length')));
    this.#mustEnd(stream.at + data.length, stream);
    return data;
  }

  /** That a stream ends within this view, however a program finds its end. */
  checkEnd(stream: Stream): void {
    const length = this.resolve(stream.dict.get('Length'));
    if (typeof length !== 'number') throw new OddFile('stream-length', `byte ${stream.at}`);
    this.#mustEnd(stream.at + length, stream);
    const word = this.file.bytes.indexOf('endstream', stream.at + length);
    this.#mustEnd(word === -1 ? Number.POSITIVE_INFINITY : word, stream);
  }

  #mustEnd(end: number, stream: Stream): void {
    if (end > this.end) throw new OddFile('stream-length', `byte ${stream.at}`);
  }
}
