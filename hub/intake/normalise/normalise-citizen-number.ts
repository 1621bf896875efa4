import { cleanText, isBlank } from './clean-text.ts';
import type { FlagCode } from './codes.ts';
import { scientific } from './normalise-code.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

/** What the same row says of the person, to be compared with what the number says. */
export type CitizenFacts = { gender?: 'male' | 'female'; birthYear?: number };

/**
 * A citizen number (số CCCD), 12 digits: province (3), century and sex (1), year of birth (2), serial (6).
 * Dots, blanks and hyphens between the digits are removed. Every number begins with one or two zeros, and
 * spreadsheets drop them: 10 or 11 digits that do not begin with a zero get them back, whether the cell is a
 * number or the text of an exported one. 9 digits are the old identity card (CMND), which is another number.
 * A number that contradicts `facts` is accepted with `gender-mismatch` or `birth-year-mismatch`: sexes and birth
 * years are corrected in registers, numbers are not.
 */
export function normaliseCitizenNumber(cell: Cell, facts: CitizenFacts = {}): Normalised<string> {
  if (isBlank(cell)) return refuse('value-missing');
  if (typeof cell !== 'string' && typeof cell !== 'number') return refuse('value-wrong-type');
  const text = cleanText(cell).replace(/^'\s*/, '');
  if (scientific.test(text)) return refuse('precision-lost');
  if (typeof cell === 'number' && !(Number.isSafeInteger(cell) && cell >= 0)) return refuse('precision-lost');
  const digits = text.replace(/[\s.-]/g, '');
  const flags: FlagCode[] = digits === text ? [] : ['punctuation-removed'];
  if (!/^\d+$/.test(digits)) return refuse('citizen-number-has-letters');
  if (digits.length === 9) return refuse('old-identity-card');
  let value = digits;
  if ((digits.length === 10 || digits.length === 11) && digits[0] !== '0') {
    value = digits.padStart(12, '0');
    flags.push('leading-zeros-restored');
  }
  if (value.length !== 12) return refuse('citizen-number-wrong-length', String(digits.length));
  return accept(value, [...flags, ...contradictions(value, facts)]);
}

function contradictions(number: string, { gender, birthYear }: CitizenFacts): FlagCode[] {
  const flags: FlagCode[] = [];
  // 0 and 1: male and female born 1900-1999; 2 and 3: 2000-2099; and so on to 9.
  const century = Number(number[3]);
  if (gender !== undefined && gender !== (century % 2 === 0 ? 'male' : 'female'))
    flags.push('gender-mismatch');
  const year = 1900 + 100 * Math.floor(century / 2) + Number(number.slice(4, 6));
  if (birthYear !== undefined && birthYear !== year) flags.push('birth-year-mismatch');
  return flags;
}
