import { isSyllable } from '#hub/platform/vietnamese/is-syllable.ts';
import { type LegacyEncoding, tcvn3, vni } from './legacy-tables.ts';

const outsideLatin1 = /[^\u0000-\u00FF\u03BC]/;
const notAscii = /[^\u0000-\u007F]/;
const letter = /\p{L}/u;
const digit = /\d/;
/** A word of any of the three encodings: TCVN3 uses signs such as µ, ¸ and the soft hyphen as letters. */
const wordRun = /[0-9A-Za-z\u00A1-\u00FF\u03BC]+/g;
/** How people write words: all small, all capital, or a capital in front. */
const usualCase = /^(?:\p{Lu}?\p{Ll}*|\p{Lu}+)$/u;

/** Replaces the letters of one old encoding; everything else stays. */
export function decodeAs(text: string, encoding: LegacyEncoding): string {
  if (encoding === 'tcvn3') return text.replace(/./gsu, char => tcvn3.get(char) ?? char);
  return text.replace(/[aeouyôöAEOUYÔÖ][^\u0000-\u007F]|[^\u0000-\u007F]/gu, found => {
    const whole = vni.get(found);
    if (whole !== undefined) return whole;
    return Array.from(found, char => vni.get(char) ?? char).join('');
  });
}

/**
 * Tells which encoding a text, or the cells of one column together, were typed in. A column says more than a
 * cell: `Dòng` may be Unicode or the TCVN3 spelling of Dũng, but the names around it give the answer.
 * Cells with letters that no old encoding can produce (ạ, ơ, đ …) are Unicode and have no vote. An old encoding is
 * believed only if it makes more words into Vietnamese syllables than reading them as they stand.
 */
export function detectEncoding(texts: Iterable<string>): 'unicode' | LegacyEncoding {
  const wrong = { unicode: 0, tcvn3: 0, vni: 0 };
  for (const text of texts) {
    if (!notAscii.test(text)) continue;
    const composed = text.normalize('NFC');
    if (outsideLatin1.test(composed)) continue;
    for (const word of composed.match(wordRun) ?? []) {
      if (!notAscii.test(word) || !letter.test(word)) continue;
      if (!isUnicodeWord(word)) wrong.unicode += 1;
      if (digit.test(word) || !isSyllable(decodeAs(word, 'tcvn3'))) wrong.tcvn3 += 1;
      if (digit.test(word) || !isSyllable(decodeAs(word, 'vni'))) wrong.vni += 1;
    }
  }
  if (Math.min(wrong.tcvn3, wrong.vni) >= wrong.unicode) return 'unicode';
  // Even: only words such as `Höng`, where VNI gives the usual one (Hưng) and TCVN3 a rare one (Hửng).
  return wrong.tcvn3 < wrong.vni ? 'tcvn3' : 'vni';
}

/** Whether a text can come from an old encoding at all: it has letters beyond ASCII, all of them Latin-1. */
export function mayBeLegacy(text: string): boolean {
  return notAscii.test(text) && !outsideLatin1.test(text);
}

function isUnicodeWord(word: string): boolean {
  // Ð (eth) for Đ is a fault of old converters, not a sign of TCVN3.
  const repaired = word.replaceAll('Ð', 'Đ').replaceAll('ð', 'đ');
  return usualCase.test(repaired) && isSyllable(repaired);
}
