import type { ZipParts } from './open-zip.ts';
import { parseWhole } from './parse-xml.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';
import type { TableLimits } from './table-limits.ts';

/** A merged range: rows count from 1, columns from 0, both ends included. */
export interface Merge {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** What must be known of a sheet before its rows are read: the merges stand behind them in the file. */
export interface SheetSurvey {
  hasValues: boolean;
  /** By top row. */
  merges: Merge[];
}

/** Goes over a sheet once without keeping its rows. */
export async function surveySheet(zip: ZipParts, part: string, limits: TableLimits): Promise<SheetSurvey> {
  const merges: Merge[] = [];
  let hasValues = false;
  await parseWhole(zip.read(part), part, {
    open(name, attributes) {
      if (name === 'v' || name === 'is') hasValues = true;
      else if (name === 'mergeCell') {
        if (merges.length >= limits.rows)
          throw new SpreadsheetError('broken-xml', { part, reason: 'too many merges' });
        const merge = mergeOf(attributes.ref ?? '');
        if (!merge) throw new SpreadsheetError('broken-xml', { part, reason: 'merge without a range' });
        merges.push(merge);
      }
    },
  });
  merges.sort((a, b) => a.top - b.top);
  return { hasValues, merges };
}

function mergeOf(ref: string): Merge | undefined {
  const [from, to = from] = ref.split(':').map(placeOf);
  if (!from || !to) return undefined;
  return { top: from.row, left: from.column, bottom: to.row, right: to.column };
}

/** `BC12` is row 12, column 54. */
export function placeOf(ref: string): { row: number; column: number } | undefined {
  let column = 0;
  let at = 0;
  for (; at < ref.length; at++) {
    const letter = ref.charCodeAt(at) & ~0x20;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  const row = Number(ref.slice(at));
  if (at === 0 || at > 3 || !Number.isInteger(row) || row < 1 || row > 1_048_576) return undefined;
  return { row, column: column - 1 };
}
