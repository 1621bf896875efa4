/** What stands in a PDF (ISO 32000-2 §7.3), read without repair. */
export type Value = null | boolean | number | Name | Text | Ref | Value[] | Dict | Stream;

/** `/Name`, its `#` escapes undone, so that `/Byte#52ange` is no other name. */
export class Name {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A string, with the bytes of the file that it takes: from `at` (its bracket) to `end` (after its bracket). */
export class Text {
  readonly bytes: Buffer;
  readonly hex: boolean;
  readonly at: number;
  readonly end: number;
  constructor(bytes: Buffer, hex: boolean, at: number, end: number) {
    this.bytes = bytes;
    this.hex = hex;
    this.at = at;
    this.end = end;
  }
}

export class Ref {
  readonly number: number;
  readonly generation: number;
  constructor(number: number, generation: number) {
    this.number = number;
    this.generation = generation;
  }
}

/** `repeats`: a key stands twice, so that two readers may see two things. */
export class Dict extends Map<string, Value> {
  repeats = false;
}

/** The data begins at `at`; `length` is its `/Length`, which may be a reference. */
export class Stream {
  readonly dict: Dict;
  readonly at: number;
  constructor(dict: Dict, at: number) {
    this.dict = dict;
    this.at = at;
  }
}

/** The name at a value, when it is one. */
export const nameOf = (value: Value | undefined): string | undefined =>
  value instanceof Name ? value.name : undefined;

/** A text string as people read it (ISO 32000-2 §7.9.2.2): UTF-16, UTF-8, else Latin. */
export const readText = (value: Value | undefined): string | undefined => {
  if (!(value instanceof Text)) return undefined;
  const { bytes } = value;
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0) {
    return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  return bytes.toString('latin1');
};
