import { cleanText, isBlank } from './clean-text.ts';
import type { FlagCode } from './codes.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

/** `01.003`, `15a.201`: civil servants, and public employees before 2015. */
const civil = /^(\d{1,2})([a-c]?)[.,](\d{1,3})$/;
const civilWithoutPoint = /^(\d{1,2})(\d{3})$/;
/** `V.07.05.15`: public employees since 2015. */
const employee = /^V[., -]?(\d{1,2})[., -](\d{1,2})[., -](\d{1,2})$/;

/**
 * A rank code (mã ngạch, mã số chức danh nghề nghiệp) in its official spelling: `01.003` or `V.07.05.15`.
 * Spreadsheets read `01.003` as the number 1.003 and `01.010` as 1.01: the zeros come back.
 */
export function normaliseRank(cell: Cell): Normalised<string> {
  if (isBlank(cell)) return refuse('value-missing');
  if (typeof cell === 'number') {
    if (Number.isInteger(cell) && cell >= 1000 && cell <= 99_999) return withPoint(String(cell));
    const code = cell.toFixed(3);
    if (Number.isInteger(cell) || !(cell > 0 && cell < 100) || Math.abs(Number(code) - cell) > 1e-9)
      return refuse('rank-unreadable');
    return accept(code.padStart(6, '0'), ['from-number', ...zeros(code.length < 6)]);
  }
  if (typeof cell !== 'string') return refuse('value-wrong-type');
  const text = cleanText(cell).replace(/^'/, '').toUpperCase();
  const grouped = employee.exec(text);
  if (grouped) {
    const value = `V.${grouped
      .slice(1)
      .map(group => group.padStart(2, '0'))
      .join('.')}`;
    return accept(value, zeros(value.length !== text.length));
  }
  const plain = civil.exec(text.replaceAll(' ', '').toLowerCase());
  if (!plain) return withPoint(text);
  const [found, group = '', letter = '', number = ''] = plain;
  // Text that kept its leading zero has lost no other: `01.3` is a slip of the pen.
  if (number.length < 3 && (group.startsWith('0') || letter !== '')) return refuse('rank-unreadable');
  const value = `${group.padStart(2, '0')}${letter}.${number.padEnd(3, '0')}`;
  return accept(value, zeros(value.length !== found.length));
}

function withPoint(digits: string): Normalised<string> {
  const found = civilWithoutPoint.exec(digits);
  if (!found) return refuse('rank-unreadable');
  return accept(`${found[1]!.padStart(2, '0')}.${found[2]}`, [
    'punctuation-restored',
    ...zeros(found[1]!.length < 2),
  ]);
}

function zeros(restored: boolean): FlagCode[] {
  return restored ? ['leading-zeros-restored'] : [];
}
