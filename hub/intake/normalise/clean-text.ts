import type { Cell } from './normalised.ts';

const invisible = /[\u00AD\u200B-\u200D\u2060\uFEFF]/g;
const blanks = /\s+/g;

/**
 * A cell as plain text: NFC, without invisible characters, single blanks (line breaks and no-break spaces are
 * blanks too), trimmed. A number is printed without exponent if it can be. Null, undefined and booleans are ''.
 * Decode old encodings first: TCVN3 uses the soft hyphen as a letter.
 */
export function cleanText(cell: Cell): string {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? cell.toFixed(0) : String(cell);
  if (typeof cell !== 'string') return '';
  return cell.normalize('NFC').replace(invisible, '').replace(blanks, ' ').trim();
}

/** Whether a cell says nothing at all, which is not a fault: the source is silent on this attribute. */
export function isBlank(cell: Cell): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cleanText(cell) === '');
}
