import { decodeLegacy } from '#hub/intake/normalise/decode-legacy.ts';
import { detectEncoding } from '#hub/intake/normalise/detect-encoding.ts';
import type { LegacyEncoding } from '#hub/intake/normalise/legacy-tables.ts';
import type { SheetRow } from '#hub/intake/spreadsheet/sheet-row.ts';

/** A row whose texts are Unicode; `flags` says from what they were converted. */
export interface DecodedRow extends SheetRow {
  flags: string[];
}

const sampleSize = 200;

const decode = (row: SheetRow, columns: (LegacyEncoding | undefined)[]): DecodedRow => {
  const flags = new Set<string>();
  const cells = row.cells.map((cell, at) => {
    const column = columns[at];
    if (typeof cell !== 'string' || column === undefined) return cell;
    const { text, encoding } = decodeLegacy(cell, column);
    if (text !== cell && encoding !== 'unicode') flags.add(`decoded-${encoding}`);
    return text;
  });
  return { ...row, cells, flags: [...flags] };
};

/**
 * Converts texts from TCVN3 and VNI. Each column is judged as a whole by its first 200 rows: a single short
 * word may be right in two encodings.
 */
export async function* decodeRows(rows: AsyncIterable<SheetRow>): AsyncGenerator<DecodedRow> {
  let sample: SheetRow[] | undefined = [];
  let columns: (LegacyEncoding | undefined)[] = [];
  const judge = (): void => {
    const width = Math.max(0, ...sample!.map(row => row.cells.length));
    columns = Array.from({ length: width }, (_, at) => {
      const encoding = detectEncoding(
        sample!.flatMap(({ cells }) => (typeof cells[at] === 'string' ? [cells[at]] : [])),
      );
      return encoding === 'unicode' ? undefined : encoding;
    });
  };
  for await (const row of rows) {
    if (sample === undefined) {
      yield decode(row, columns);
      continue;
    }
    sample.push(row);
    if (sample.length < sampleSize) continue;
    judge();
    for (const kept of sample) yield decode(kept, columns);
    sample = undefined;
  }
  if (sample === undefined) return;
  judge();
  for (const kept of sample) yield decode(kept, columns);
}
