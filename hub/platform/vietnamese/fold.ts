const marks = /\p{M}+/gu;
const invisible = /[\u00AD\u200B-\u200D\u2060\uFEFF]/g;
const dStroke = /[đĐðÐ]/g;
const blanks = /\s+/g;

/**
 * The search form of a text: lower case, without tones, hats, hooks or breves, đ as d, single blanks, trimmed.
 * NFC and NFD give the same result, and so do both spellings of a tone (`Thuỷ`, `Thủy`). The Icelandic ð,
 * which old converters put in place of đ, counts as đ. Used by search columns, matching and the recognition
 * of spreadsheet headings; lossy on purpose, so never show it to a person.
 */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(marks, '')
    .replace(dStroke, 'd')
    .replace(invisible, '')
    .toLowerCase()
    .replace(blanks, ' ')
    .trim();
}
