import { cleanText, isBlank } from './clean-text.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

/**
 * A salary coefficient (hệ số lương) in integer hundredths: `2,34`, `2.34` and 2.34 are 234, and so is 234.
 * Decree 204/2004/NĐ-CP knows 1.00 to 13.00, with two decimals; anything else is refused.
 */
export function normaliseCoefficient(cell: Cell): Normalised<number> {
  if (isBlank(cell)) return refuse('value-missing');
  if (typeof cell !== 'string' && typeof cell !== 'number') return refuse('value-wrong-type');
  const text = cleanText(cell).replace(/^'/, '').replace(/\s/g, '').replace(',', '.');
  if (!/^\d+(?:\.\d+)?$/.test(text)) return refuse('coefficient-unreadable');
  const number = Number(text);
  const written = Number.isInteger(number) && number >= 100 ? number : number * 100;
  const value = Math.round(written);
  // Binary fractions are off by far less than this, a third decimal by far more.
  if (Math.abs(written - value) > 1e-6) return refuse('coefficient-too-fine');
  return value >= 100 && value <= 1300 ? accept(value) : refuse('coefficient-impossible');
}
