import { decodeLegacy } from '#hub/intake/normalise/decode-legacy.ts';
import { detectColumn, type Encoding } from '#hub/intake/normalise/detect-encoding.ts';
import type { LegacyEncoding } from '#hub/intake/normalise/legacy-tables.ts';
import { findHeader } from '#hub/intake/spreadsheet/find-header.ts';
import type { SheetRow } from '#hub/intake/spreadsheet/sheet-row.ts';

/** A row whose texts are Unicode; `decoded` holds what its cells were before, by column. */
export interface DecodedRow extends SheetRow {
  decoded: Map<number, { encoding: LegacyEncoding; before: string }>;
}

const sampleSize = 200;
const headRows = 30;

const decode = (row: SheetRow, columns: Encoding[]): DecodedRow => {
  const decoded: DecodedRow['decoded'] = new Map();
  const cells = row.cells.map((cell, at) => {
    if (typeof cell !== 'string') return cell;
    const { text, encoding } = decodeLegacy(cell, columns[at]);
    if (encoding !== 'unicode') decoded.set(at, { encoding, before: cell });
    return text;
  });
  return { ...row, cells, decoded };
};

/** What the columns of a sheet are written in. Titles and headings have no vote: programs put them in Unicode. */
const judgeColumns = (sample: SheetRow[]): Encoding[] => {
  const { firstDataRow } = findHeader(sample.slice(0, headRows));
  const rows = sample.filter(row => row.number >= firstDataRow);
  const width = Math.max(0, ...rows.map(row => row.cells.length));
  return Array.from({ length: width }, (_, at) =>
    detectColumn(rows.flatMap(({ cells }) => (typeof cells[at] === 'string' ? [cells[at]] : []))),
  );
};

/**
 * Converts texts from TCVN3 and VNI, each by its own evidence; what could be either follows its column, of which the
 * first 200 rows are looked at.
 */
export async function* decodeRows(rows: AsyncIterable<SheetRow>): AsyncGenerator<DecodedRow> {
  let sample: SheetRow[] | undefined = [];
  let columns: Encoding[] = [];
  for await (const row of rows) {
    if (sample === undefined) {
      yield decode(row, columns);
      continue;
    }
    sample.push(row);
    if (sample.length < sampleSize) continue;
    columns = judgeColumns(sample);
    for (const kept of sample) yield decode(kept, columns);
    sample = undefined;
  }
  if (sample === undefined) return;
  columns = judgeColumns(sample);
  for (const kept of sample) yield decode(kept, columns);
}
