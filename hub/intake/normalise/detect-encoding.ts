import { isSyllable } from '#hub/platform/vietnamese/is-syllable.ts';
import { type LegacyEncoding, tcvn3, vni } from './legacy-tables.ts';
import { smallWithTone } from './title-case.ts';

const outsideLatin1 = /[\u0100-\u03BB\u03BD-\u{10FFFF}]/u;
const notAscii = /\P{ASCII}/u;
const letter = /\p{L}/u;
/** A word of any of the three encodings: TCVN3 uses signs such as µ, ¸ and the soft hyphen as letters. */
const wordRun = /[0-9A-Za-z\u00A1-\u00FF\u03BC]+/g;
/** How people write words: all small, all capital, or a capital in front. */
const usualCase = /^(?:\p{Lu}?\p{Ll}*|\p{Lu}+)$/u;

const tcvn3Code = /[\u00A1-\u00FF\u03BC]/g;
/** Two-character codes come first, so that `öôù` is read as ö + ôù. */
const vniCode = new RegExp([...vni.keys()].sort((a, b) => b.length - a.length).join('|'), 'g');

/** Replaces the letters of one old encoding; everything else stays. */
export function decodeAs(text: string, encoding: LegacyEncoding): string {
  return encoding === 'tcvn3'
    ? text.replace(tcvn3Code, code => tcvn3.get(code) ?? code)
    : text.replace(vniCode, code => vni.get(code)!);
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
      if (!isTcvn3Word(decodeAs(word, 'tcvn3'))) wrong.tcvn3 += 1;
      if (!isWord(decodeAs(word, 'vni'))) wrong.vni += 1;
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

/** VNI's `Thị`, the commonest middle name. As Unicode it means to stick out, and no name, title or unit holds it. */
const misread = /^thò$/i;

function isUnicodeWord(word: string): boolean {
  // Ð (eth) for Đ is a fault of old converters, not a sign of TCVN3.
  return isWord(word.replaceAll('Ð', 'Đ').replaceAll('ð', 'đ')) && !misread.test(word);
}

function isWord(word: string): boolean {
  return usualCase.test(word) && isSyllable(word);
}

/** Capital fonts leave small letters with tones among the capitals, `NGUYễN`. */
function isTcvn3Word(decoded: string): boolean {
  return usualCase.test(decoded.replace(smallWithTone, '')) && isSyllable(decoded);
}
