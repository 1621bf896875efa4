import { hexDigit, isRegular, isWhite, skipWhite } from '#signature/verify/file/characters.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { readHexText, readPlainText } from '#signature/verify/file/read-text.ts';
import { Dict, Name, Ref, Stream, type Value } from '#signature/verify/file/values.ts';

/** Deeper than any program nests; a hostile file must not fill the call stack. */
const maxDepth = 100;

/** Reads values one after the other; `at` is where the next one begins. */
export class Reader {
  readonly bytes: Buffer;
  at: number;
  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** @throws OddFile value-unreadable, too-deep */
  read(depth = 0): Value {
    if (depth > maxDepth) throw new OddFile('too-deep', `byte ${this.at}`);
    this.at = skipWhite(this.bytes, this.at);
    const { bytes, at } = this;
    switch (bytes[at]) {
      case 0x2f:
        return this.#readName();
      case 0x28:
        return this.#moveAfter(readPlainText(bytes, at));
      case 0x5b:
        return this.#readArray(depth);
      case 0x3c:
        return bytes[at + 1] === 0x3c ? this.#readDict(depth) : this.#moveAfter(readHexText(bytes, at));
      default:
        return this.#readWord();
    }
  }

  /** Goes past a keyword, if it stands here. */
  take(keyword: string): boolean {
    const from = skipWhite(this.bytes, this.at);
    const end = from + keyword.length;
    if (this.bytes.toString('latin1', from, end) !== keyword || isRegular(this.bytes[end])) return false;
    this.at = end;
    return true;
  }

  /** Whether the word `stream` follows; then `at` is the first byte of the data (ISO 32000-2 §7.3.8.1). */
  takeStream(): boolean {
    if (!this.take('stream')) return false;
    if (this.bytes[this.at] === 13) this.at += 1;
    if (this.bytes[this.at] === 10) this.at += 1;
    return true;
  }

  #moveAfter<T extends { end: number }>(text: T): T {
    this.at = text.end;
    return text;
  }

  #readName(): Name {
    const from = this.at + 1;
    let end = from;
    while (isRegular(this.bytes[end])) end += 1;
    this.at = end;
    const raw = this.bytes.toString('latin1', from, end);
    return new Name(
      raw.includes('#')
        ? raw.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        : raw,
    );
  }

  #readArray(depth: number): Value[] {
    const items: Value[] = [];
    this.at += 1;
    for (;;) {
      this.at = skipWhite(this.bytes, this.at);
      if (this.bytes[this.at] === 0x5d) break;
      items.push(this.read(depth + 1));
    }
    this.at += 1;
    return items;
  }

  #readDict(depth: number): Dict {
    const dict = new Dict();
    this.at += 2;
    for (;;) {
      this.at = skipWhite(this.bytes, this.at);
      if (this.bytes[this.at] === 0x3e && this.bytes[this.at + 1] === 0x3e) break;
      if (this.bytes[this.at] !== 0x2f) throw new OddFile('value-unreadable', `byte ${this.at}`);
      const { name } = this.#readName();
      if (dict.has(name)) dict.repeats = true;
      dict.set(name, this.read(depth + 1));
    }
    this.at += 2;
    return dict;
  }

  #word(from: number): string {
    let end = from;
    while (end - from < 64 && isRegular(this.bytes[end])) end += 1;
    return this.bytes.toString('latin1', from, end);
  }

  #readWord(): Value {
    const word = this.#word(this.at);
    const number = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(word) ? Number(word) : undefined;
    if (number !== undefined) {
      this.at += word.length;
      return this.#readRef(word, number) ?? number;
    }
    if (word !== 'true' && word !== 'false' && word !== 'null') {
      throw new OddFile('value-unreadable', `byte ${this.at}`);
    }
    this.at += word.length;
    return word === 'null' ? null : word === 'true';
  }

  /** `12 0 R`: known only by what follows. */
  #readRef(word: string, number: number): Ref | undefined {
    const { bytes } = this;
    if (!isWhite(bytes[this.at]) || !/^\d+$/.test(word)) return undefined;
    const second = skipWhite(bytes, this.at);
    let end = second;
    while (end - second < 6 && hexDigit(bytes[end]) >= 0 && hexDigit(bytes[end]) < 10) end += 1;
    if (end === second || !isWhite(bytes[end])) return undefined;
    const letter = skipWhite(bytes, end);
    if (bytes[letter] !== 0x52 || isRegular(bytes[letter + 1])) return undefined;
    const generation = Number(bytes.toString('latin1', second, end));
    this.at = letter + 1;
    return new Ref(number, generation);
  }
}

/** An object with its number, from the first byte of its head to where its value ends. */
export interface ReadObject {
  number: number;
  generation: number;
  value: Value;
  /** After the value; for a stream, where its data begins. */
  end: number;
}

/**
 * Reads `12 0 obj …` at exactly this place.
 * @throws OddFile object-misplaced when no object's head stands here
 */
export const readObjectAt = (bytes: Buffer, offset: number): ReadObject => {
  const head = /^[\0\t\n\f\r ]{0,8}(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}obj/.exec(
    bytes.toString('latin1', offset, offset + 64),
  );
  if (!head) throw new OddFile('object-misplaced', `byte ${offset}`);
  const reader = new Reader(bytes, offset + head[0].length);
  const value = reader.take('endobj') ? null : reader.read();
  const made = value instanceof Dict && reader.takeStream() ? new Stream(value, reader.at) : value;
  return { number: Number(head[1]), generation: Number(head[2]), value: made, end: reader.at };
};
