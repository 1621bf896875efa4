import { cleanText, isBlank } from './clean-text.ts';
import type { FlagCode } from './codes.ts';
import { decodeLegacy } from './decode-legacy.ts';
import type { Encoding } from './detect-encoding.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';
import { capitaliseAccented, isOneCase, titleCase } from './title-case.ts';

const latinWords =
  /^[\p{Script=Latin}\p{M}]+(?:['’-][\p{Script=Latin}\p{M}]+)*(?: [\p{Script=Latin}\p{M}]+(?:['’-][\p{Script=Latin}\p{M}]+)*)*$/u;

/**
 * A person's name for the register: Unicode NFC, single blanks, title case where the source had one case only.
 * Names in mixed case keep it (`Nguyễn van An` may be what the identity card says). Digits, punctuation and
 * letters that only look Latin are refused; an apostrophe or a hyphen inside a word is part of many names of
 * the highland peoples (`H'Hen Niê`) and stays.
 *
 * Flags: `composed` (was NFD), `decoded-tcvn3`, `decoded-vni`, `eth-replaced` (ð for đ), `respaced`, `recased`,
 * `single-word-name`. `column` is the encoding of the whole column, see `decodeLegacy`.
 */
export function normaliseName(cell: Cell, column?: Encoding): Normalised<string> {
  if (isBlank(cell)) return refuse('value-missing');
  if (typeof cell !== 'string')
    return refuse(typeof cell === 'number' ? 'name-has-digits' : 'value-wrong-type');
  const flags: FlagCode[] = [];
  if (cell !== cell.normalize('NFC')) flags.push('composed');
  const { text, encoding } = decodeLegacy(cell, column);
  if (encoding !== 'unicode') flags.push(`decoded-${encoding}`);
  const repaired = text.replaceAll('Ð', 'Đ').replaceAll('ð', 'đ');
  if (repaired !== text) flags.push('eth-replaced');
  const clean = cleanText(repaired);
  if (clean !== repaired.normalize('NFC')) flags.push('respaced');

  if (/\p{N}/u.test(clean)) return refuse('name-has-digits');
  if (!latinWords.test(clean)) {
    const foreign = /[^\P{L}\p{Script=Latin}]/u.test(clean);
    return refuse(foreign ? 'name-has-foreign-letters' : 'name-has-punctuation');
  }
  if (clean.length < 2) return refuse('name-too-short');
  if (clean.length > 120) return refuse('name-too-long', '120');

  const fromTcvn3 = encoding === 'tcvn3';
  const mixed = fromTcvn3 ? capitaliseAccented(clean) : clean;
  const value = isOneCase(clean, fromTcvn3) ? titleCase(clean) : mixed;
  if (value !== clean) flags.push('recased');
  if (!value.includes(' ')) flags.push('single-word-name');
  return accept(value, flags);
}
