import type { ZipParts } from './open-zip.ts';
import { parseWhole } from './parse-xml.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';

/** What a number format makes of a number: a day, a code of so many digits, or nothing special. */
export type NumberKind = 'date' | { digits: number } | undefined;

/** The kind of every cell style, by its index (`<c s="…">`). */
export async function readStyles(zip: ZipParts, part: string | undefined): Promise<NumberKind[]> {
  const kinds: NumberKind[] = [];
  if (!part) return kinds;
  const own = new Map<number, string>();
  let inCellXfs = false;
  await parseWhole(zip.read(part), part, {
    open(name, attributes) {
      if (name === 'numFmt') own.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (name === 'cellXfs') inCellXfs = true;
      // Excel itself stops at 65,490 styles.
      if (kinds.length + own.size > 200_000)
        throw new SpreadsheetError('broken-xml', { part, reason: 'too many styles' });
      if (name !== 'xf' || !inCellXfs) return;
      const id = Number(attributes.numFmtId ?? 0);
      const code = own.get(id);
      kinds.push(code === undefined ? builtIn(id) : numberKind(code));
    },
    close(name) {
      if (name === 'cellXfs') inCellXfs = false;
    },
  });
  return kinds;
}

/** Formats that files name by number only (ECMA-376 part 1, 18.8.30); 18–21 and 45–47 are times of day. */
function builtIn(id: number): NumberKind {
  const isDate = (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  return isDate ? 'date' : undefined;
}

/** The kind of a format code such as `dd/mm/yyyy;@` or `000000000000`. Times of day stay numbers. */
export function numberKind(code: string): NumberKind {
  const first = code
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
    .split(';', 1)[0]!
    .toLowerCase();
  if (/^0{2,}$/.test(first)) return { digits: first.length };
  if (/general/.test(first)) return undefined;
  return /[yd]/.test(first) || /^m+$/.test(first.trim()) ? 'date' : undefined;
}
