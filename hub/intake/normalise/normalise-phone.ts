import { cleanText, isBlank } from './clean-text.ts';
import type { FlagCode } from './codes.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

/** Mobile prefixes of 11-digit numbers and what replaced them in September and October 2018. */
const replacedPrefixes: Record<string, string> = {
  ...{ 120: '70', 121: '79', 122: '77', 126: '76', 128: '78' },
  ...{ 123: '83', 124: '84', 125: '85', 127: '81', 129: '82' },
  ...{ 162: '32', 163: '33', 164: '34', 165: '35', 166: '36', 167: '37', 168: '38', 169: '39' },
  ...{ 186: '56', 188: '58', 199: '59' },
};

/**
 * A Vietnamese phone number in E.164 form, `+84` and 9 digits (mobile) or 10 digits (landline with its area
 * code). Reads `0912 345 678`, `(0234) 3.822.222`, `84912345678`, and numbers whose leading 0 a spreadsheet took.
 * 11-digit mobile numbers from before the change of 2018 get their new prefix. Of several numbers in one cell
 * (`/`, `,`, `;`, line break) the first is kept. Foreign numbers with `+` stay as they are.
 */
export function normalisePhone(cell: Cell): Normalised<string> {
  if (isBlank(cell)) return refuse('value-missing');
  if (typeof cell !== 'string' && typeof cell !== 'number') return refuse('value-wrong-type');
  const parts = (typeof cell === 'number' ? cleanText(cell) : cell).split(/[/,;\n]|\s{3,}/);
  const [first = '', ...further] = parts.map(cleanText).filter(part => part !== '');
  const flags: FlagCode[] = further.length > 0 ? ['further-phones-dropped'] : [];
  const compact = first.replace(/^'/, '').replace(/[\s.()-]/g, '');
  if (!/^\+?\d+$/.test(compact)) return refuse('phone-unreadable');
  if (/^(?:\+|00)(?!84)/.test(compact)) return foreign(compact, flags);
  return vietnamese(compact, flags);
}

function foreign(compact: string, flags: FlagCode[]): Normalised<string> {
  const digits = compact.replace(/^(?:\+|00)/, '');
  return digits.length >= 8 && digits.length <= 15
    ? accept(`+${digits}`, flags)
    : refuse('phone-wrong-length');
}

function vietnamese(compact: string, flags: FlagCode[]): Normalised<string> {
  const abroad = /^(?:\+|00)84/.test(compact) || (/^84/.test(compact) && compact.length >= 11);
  let national = abroad ? compact.replace(/^(?:\+|00)?84/, '').replace(/^0/, '') : compact.replace(/^0/, '');
  if (!abroad && !compact.startsWith('0')) flags.push('leading-zeros-restored');
  const replaced = national.length === 10 ? replacedPrefixes[national.slice(0, 3)] : undefined;
  if (replaced !== undefined) {
    national = replaced + national.slice(3);
    flags.push('old-prefix-converted');
  }
  const mobile = /^[35789]\d{8}$/;
  const landline = /^2\d{9}$/;
  return mobile.test(national) || landline.test(national)
    ? accept(`+84${national}`, flags)
    : refuse('phone-wrong-length');
}
