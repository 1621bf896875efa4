import type { NumberKind } from './read-styles.ts';
import { unescapeText } from './rich-text.ts';
import type { CellValue } from './sheet-row.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';

/** What is needed to understand a cell. */
export interface CellContext {
  part: string;
  strings: readonly string[];
  styles: readonly NumberKind[];
  date1904: boolean;
}

/**
 * The value of a cell from its type (`t`), its style (`s`) and the text of its `<v>`. A formula is never
 * looked at: the value that the spreadsheet program stored beside it counts, or nothing.
 */
export function readCell(type: string, style: number, raw: string, context: CellContext): CellValue {
  switch (type) {
    case 's': {
      const text = context.strings[Number(raw)];
      if (text === undefined)
        throw new SpreadsheetError('broken-xml', { part: context.part, reason: 'no such shared string' });
      return textOrNull(text);
    }
    case 'str':
    case 'e':
      return textOrNull(unescapeText(raw));
    case 'b':
      return raw.trim() === '' ? null : raw.trim() === '1' || raw.trim() === 'true';
    case 'd':
      return (
        dayOf(new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(raw) ? raw : `${raw.slice(0, 10)}T00:00:00Z`)) ??
        textOrNull(raw)
      );
    default: {
      if (raw.trim() === '') return null;
      const number = Number(raw);
      if (!Number.isFinite(number)) return textOrNull(raw);
      const kind = context.styles[style];
      if (kind === undefined) return number;
      if (kind === 'date') return dateOfSerial(number, context.date1904) ?? number;
      // Shown with leading zeros, so it is a code that was typed as a number.
      return Number.isInteger(number) && number >= 0 ? String(number).padStart(kind.digits, '0') : number;
    }
  }
}

/** Text of blanks only counts as nothing. */
export function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}

const dayLength = 86_400_000;

/**
 * UTC midnight of a serial day number. Excel counts a 29 February 1900 that never was, so the days before
 * it are one off (ECMA-376 part 1, 18.17.4.1). Undefined for that day and outside 1900-01-01 – 9999-12-31.
 */
export function dateOfSerial(serial: number, date1904: boolean): Date | undefined {
  const day = Math.floor(serial);
  if (date1904)
    return day >= 0 && day <= 2_957_003 ? new Date(Date.UTC(1904, 0, 1) + day * dayLength) : undefined;
  if (day < 1 || day === 60 || day > 2_958_465) return undefined;
  return new Date(Date.UTC(1899, 11, 30) + (day < 60 ? day + 1 : day) * dayLength);
}

function dayOf(date: Date): Date | undefined {
  const time = date.getTime();
  return Number.isNaN(time) ? undefined : new Date(Math.floor(time / dayLength) * dayLength);
}
