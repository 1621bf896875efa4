import { detectDelimiter } from './detect-delimiter.ts';
import { readCsv } from './read-csv.ts';
import { readXlsx, type XlsxOptions } from './read-xlsx.ts';
import type { SheetRow } from './sheet-row.ts';
import { sniffFile } from './sniff-file.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';

/** An uploaded file, recognised. `rows` can be iterated once; faults further inside appear there. */
export interface Table {
  format: 'xlsx' | 'csv';
  rows: AsyncIterable<SheetRow>;
}

/**
 * Opens a file on disk as a table. The content decides what it is; the name that it was uploaded under only
 * helps where content cannot: text without any delimiter is a list of one column when it is called `.csv` or
 * `.txt`, and no table under another name.
 * @throws SpreadsheetError
 */
export async function openTable(path: string, fileName: string, options: XlsxOptions = {}): Promise<Table> {
  const content = await sniffFile(path);
  if (content.kind === 'zip') return { format: 'xlsx', rows: readXlsx(path, options) };
  if (!detectDelimiter(content.start) && !/\.(csv|tsv|txt)$/i.test(fileName))
    throw new SpreadsheetError('not-a-spreadsheet', { found: 'text' });
  return { format: 'csv', rows: readCsv(path, options) };
}
