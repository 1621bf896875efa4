import { SpreadsheetError } from './spreadsheet-error.ts';

/**
 * Gathers the text of a `<si>` or `<is>` element: the runs of rich text one after the other, without the
 * phonetic guides (`<rPh>`) that East Asian versions of Excel add.
 */
export class RichText {
  #longest: number;
  #text = '';
  #inText = false;
  #inPhonetic = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  clear(): void {
    this.#text = '';
  }

  open(name: string): void {
    if (name === 't') this.#inText = true;
    else if (name === 'rPh') this.#inPhonetic = true;
  }

  add(text: string): void {
    if (!this.#inText || this.#inPhonetic) return;
    this.#text += text;
    if (this.#text.length > this.#longest * 7)
      throw new SpreadsheetError('text-too-long', { limit: this.#longest });
  }

  close(name: string): void {
    if (name === 't') this.#inText = false;
    else if (name === 'rPh') this.#inPhonetic = false;
  }

  /** @throws SpreadsheetError `text-too-long` */
  take(): string {
    const text = unescapeText(this.#text);
    if (text.length > this.#longest) throw new SpreadsheetError('text-too-long', { limit: this.#longest });
    return text;
  }
}

/** `_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19 ST_Xstring). */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}
