import { isSyllable } from '#hub/platform/vietnamese/is-syllable.ts';
import { type LegacyEncoding, tcvn3, vni } from './legacy-tables.ts';
import { smallWithTone } from './title-case.ts';

const outsideLatin1 = /[\u0100-\u03BB\u03BD-\u{10FFFF}]/u;
const notAscii = /\P{ASCII}/u;
const letter = /\p{L}/u;
const ascii = /\p{ASCII}/gu;
/** Vietnamese letters that Latin-1 does not have: no old encoding looks like them. */
const onlyUnicode = /[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01A0\u01A1\u01AF\u01B0\u1EA0-\u1EF9]/;
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

export type Encoding = 'unicode' | LegacyEncoding;
/** Words of a text that are no Vietnamese syllables in each reading. */
type Wrong = Record<Encoding, number>;

const countWrong = (composed: string): Wrong => {
  const wrong = { unicode: 0, tcvn3: 0, vni: 0 };
  for (const word of composed.match(wordRun) ?? []) {
    if (!notAscii.test(word) || !letter.test(word)) continue;
    if (!isUnicodeWord(word)) wrong.unicode += 1;
    if (!isTcvn3Word(word)) wrong.tcvn3 += 1;
    if (!isVniWord(word)) wrong.vni += 1;
  }
  return wrong;
};

/**
 * Tells the encoding of one text. Its own evidence goes first: what is good Vietnamese as it stands and in no old
 * encoding is Unicode, what an old encoding makes better is of that encoding. Only what says nothing either way
 * (`Dòng` may be Unicode or the TCVN3 spelling of Dũng) follows the column, see `detectColumn`.
 */
export function detectEncoding(text: string, column: Encoding = 'unicode'): Encoding {
  const composed = text.normalize('NFC');
  if (!mayBeLegacy(composed)) return 'unicode';
  const wrong = countWrong(composed);
  const legacy = Math.min(wrong.tcvn3, wrong.vni);
  if (column !== 'unicode' && wrong[column] === legacy && legacy <= wrong.unicode) return column;
  if (legacy >= wrong.unicode) return 'unicode';
  // Even: only words such as `Höng`, where VNI gives the usual one (Hưng) and TCVN3 a rare one (Hửng).
  return wrong.tcvn3 < wrong.vni ? 'tcvn3' : 'vni';
}

/**
 * What the cells of a column say together, for those that say nothing by themselves. An old encoding is believed only
 * where some cell is surely of it and none is surely Unicode: a mixed column is a Unicode one with pasted bits. Nor
 * where most cells could be either, because in a text of an old encoding few are.
 */
export function detectColumn(texts: Iterable<string>): Encoding {
  const sum = { unicode: 0, tcvn3: 0, vni: 0 };
  let [sure, doubtful] = [0, 0];
  for (const text of texts) {
    if (!notAscii.test(text)) continue;
    const composed = text.normalize('NFC');
    if (onlyUnicode.test(composed)) return 'unicode';
    if (outsideLatin1.test(composed)) continue;
    const wrong = countWrong(composed);
    const legacy = Math.min(wrong.tcvn3, wrong.vni);
    if (legacy > wrong.unicode && wrong.unicode === 0) return 'unicode';
    if (legacy >= wrong.unicode) {
      if (wrong.unicode === 0 && letter.test(composed.replace(ascii, ''))) doubtful += 1;
      continue;
    }
    sure += 1;
    sum.tcvn3 += wrong.tcvn3;
    sum.vni += wrong.vni;
  }
  if (sure === 0 || doubtful > sure) return 'unicode';
  return sum.tcvn3 < sum.vni ? 'tcvn3' : 'vni';
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

/**
 * Whether a word can have been typed in TCVN3: it has none of the letters (à, Í, Ù …) that are no code there. Capital
 * fonts leave small letters with tones among the capitals, `NGUYễN`.
 */
function isTcvn3Word(word: string): boolean {
  if (Array.from(word).some(sign => notAscii.test(sign) && letter.test(sign) && !tcvn3.has(sign)))
    return false;
  const decoded = decodeAs(word, 'tcvn3');
  return usualCase.test(decoded.replace(smallWithTone, '')) && isSyllable(decoded);
}

/** Whether a word can have been typed in VNI: no letter is left over that it does not have. */
function isVniWord(word: string): boolean {
  return !notAscii.test(word.replace(vniCode, '')) && isWord(decodeAs(word, 'vni'));
}
