import { cleanText, isBlank } from './clean-text.ts';
import type { FlagCode } from './codes.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

/** A number that a spreadsheet has written with an exponent: `4.61E+10`. Its last digits are gone. */
export const scientific = /^\d(?:[.,]\d+)?E\+\d+$/i;

/**
 * A staff code (mã CBCCVC). It is opaque: letters, case and leading zeros mean what the source says, so only
 * what surrounds it is cleaned (blanks, Excel's leading apostrophe). A numeric cell gives its digits and the
 * flag `from-number`: it may have lost leading zeros, see `padCode`. At most 40 characters.
 */
export function normaliseCode(cell: Cell): Normalised<string> {
  if (isBlank(cell)) return refuse('value-missing');
  if (typeof cell === 'number') {
    if (!Number.isInteger(cell) || cell < 0) return refuse('code-not-whole');
    // Excel keeps 15 digits.
    return cell < 1e15 ? accept(cleanText(cell), ['from-number']) : refuse('precision-lost');
  }
  if (typeof cell !== 'string') return refuse('value-wrong-type');
  const text = cleanText(cell);
  const value = text.replace(/^'\s*/, '');
  if (scientific.test(value)) return refuse('precision-lost');
  if (/\p{Cc}/u.test(value)) return refuse('code-has-control-characters');
  if (value.length > 40) return refuse('code-too-long', '40');
  if (value === '') return refuse('value-missing');
  const flags: FlagCode[] = value === text ? [] : ['text-mark-removed'];
  return accept(value, flags);
}
