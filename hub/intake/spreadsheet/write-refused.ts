import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import exceljs from 'exceljs';
import type { CellValue } from './sheet-row.ts';

/** What stands in front of the source's own columns: the row in the file that was sent, and what is wrong. */
const ours = ['Dòng trong tệp gốc', 'Lý do'];
/** So it was called before. */
const oursBefore = ['Dòng', 'Lý do'];

/** How many columns of a file are those that we put there: it was corrected and sent again. Pure. */
export const countOurColumns = (header: readonly string[]): number =>
  [ours, oursBefore].some(names => names.every((name, at) => header[at] === name)) ? ours.length : 0;

/** A row that was refused: what it held, why in Vietnamese, and where it stood in the sheet. */
export interface RefusedRow {
  cells: CellValue[];
  reason: string;
  row: number;
}

const longest = 32_767;

/**
 * Streams the refused rows as a workbook that can be corrected and sent in again: the columns of the source
 * behind two of our own, "Dòng trong tệp gốc" (row) and "Lý do" (reason), which the intake ignores. Every text is written as
 * text, in cells formatted as text: codes keep their zeros, and `=`, `+`, `-`, `@` start no formula, neither
 * now nor when the clerk edits the cell. Ends `out`; rejects when `out` fails or is closed early.
 */
export async function writeRefusedWorkbook(
  rows: AsyncIterable<RefusedRow>,
  header: readonly string[],
  out: Writable,
): Promise<void> {
  const end = finished(out);
  // Observed below; a failure while rows are still being written must not count as unhandled.
  end.catch(() => {});
  const book = new exceljs.stream.xlsx.WorkbookWriter({
    stream: out,
    useStyles: true,
    useSharedStrings: false,
  });
  const sheet = book.addWorksheet('Dòng bị từ chối', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = [{ width: 18 }, { width: 60 }, ...header.map(() => ({ width: 18 }))];
  const heading = sheet.addRow([...ours, ...header].map(text => text.slice(0, longest)));
  heading.font = { bold: true };
  heading.commit();
  let written = 0;
  for await (const { cells, reason, row } of rows) {
    const line = sheet.addRow([]);
    for (const [index, value] of [row, reason, ...cells].entries()) {
      if (value === null) continue;
      const cell = line.getCell(index + 1);
      cell.value = typeof value === 'string' ? value.slice(0, longest) : value;
      if (typeof value === 'string') cell.numFmt = '@';
      if (value instanceof Date) cell.numFmt = 'dd/mm/yyyy';
    }
    line.commit();
    // The writer has no back-pressure of its own: let the zip run, and wait for a slow reader.
    if (++written % 200 === 0) await setImmediate();
    if (out.destroyed) break;
    if (out.writableNeedDrain) await Promise.race([once(out, 'drain'), end]);
  }
  await Promise.race([book.commit(), end]);
  await end;
}
