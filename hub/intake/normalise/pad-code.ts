import { accept, type Normalised } from './normalised.ts';

/**
 * Gives a code of digits the leading zeros back that a spreadsheet took from it. `width` is the width that all
 * codes of this source have in the register. Codes with letters, and those long enough, stay as they are.
 */
export function padCode(value: string, width: number): Normalised<string> {
  if (!/^\d+$/.test(value) || value.length >= width) return accept(value);
  return accept(value.padStart(width, '0'), ['leading-zeros-restored']);
}
