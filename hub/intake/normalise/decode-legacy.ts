import { decodeAs, detectEncoding, type Encoding } from './detect-encoding.ts';

/** A text in Unicode and the encoding it was found in. */
export type Decoded = { text: string; encoding: Encoding };

/**
 * Turns text that was typed with TCVN3 (ABC) or VNI fonts, and therefore reads like `NguyÔn V¨n An` or
 * `Nguyeãn Vaên An`, into Unicode (NFC). Correct Unicode Vietnamese, other languages and plain ASCII come back
 * untouched as `unicode`.
 *
 * `column` is what `detectColumn` said of the whole column; with it, words that are possible in two encodings
 * (`Dòng`) follow their neighbours. Without it the text is judged by itself. What is surely of one encoding never follows.
 *
 * TCVN3 has no capitals with tones: text from a capital font comes out as `NGUYễN`, which `normaliseName` mends.
 */
export function decodeLegacy(text: string, column?: Encoding): Decoded {
  const encoding = detectEncoding(text, column);
  if (encoding === 'unicode') return { text, encoding };
  const composed = text.normalize('NFC');
  const decoded = decodeAs(composed, encoding);
  return decoded === composed ? { text, encoding: 'unicode' } : { text: decoded, encoding };
}
