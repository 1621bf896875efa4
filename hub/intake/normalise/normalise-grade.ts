import { fold } from '#hub/platform/vietnamese/fold.ts';
import { cleanText, isBlank } from './clean-text.ts';
import { decodeLegacy } from './decode-legacy.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

const pattern =
  /^(?:bac(?: luong)?)? ?(\d{1,2})(?: ?\/ ?(\d{1,2}))?( ?\+? ?\(?(?:vk|vuot khung)[ :]*(?:\d+ ?%)?\)?)?$/;

/**
 * A salary grade (bậc), 1 to 16: `3`, `3/9`, `Bậc 3`, `bậc 9/9 VK 5%` (beyond the frame, flagged).
 * Spreadsheets turn `3/9` into a date whose day and month cannot be told apart: refused.
 */
export function normaliseGrade(cell: Cell): Normalised<number> {
  if (isBlank(cell)) return refuse('value-missing');
  if (cell instanceof Date) return refuse('grade-became-date');
  if (typeof cell !== 'string' && typeof cell !== 'number') return refuse('value-wrong-type');
  const text = fold(cleanText(typeof cell === 'string' ? decodeLegacy(cell).text : cell)).replace(/^'/, '');
  const found = pattern.exec(text);
  if (!found) return refuse(/^\d{4}-|^\d{5}$/.test(text) ? 'grade-became-date' : 'grade-unreadable');
  const grade = Number(found[1]);
  const last = Number(found[2] ?? 16);
  if (grade < 1 || grade > last || last > 16) return refuse('grade-impossible');
  return accept(grade, found[3] ? ['beyond-frame'] : []);
}
