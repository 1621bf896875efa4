import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { decodeFile, detectEncoding } from './decode-file.ts';
import { detectDelimiter } from './detect-delimiter.ts';
import { textOrNull } from './read-cell.ts';
import type { SheetRow } from './sheet-row.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';
import { defaultLimits, type TableLimits } from './table-limits.ts';

/** Enough text to tell the delimiter. */
const lookAhead = 64 * 1024;

/**
 * Streams the records of a CSV file (RFC 4180, with what Excel writes besides: `;` and tabs, UTF-16, a
 * `sep=` line). Every value is text. A record's number is the row that a spreadsheet program would show.
 * @throws SpreadsheetError while it is iterated
 */
export async function* readCsv(path: string, options: Partial<TableLimits> = {}): AsyncGenerator<SheetRow> {
  const limits = { ...defaultLimits, ...options };
  const text = decodeFile(path, await detectEncoding(path));
  let start = '';
  for (let next = await text.next(); !next.done; next = await text.next()) {
    start += next.value;
    if (start.length >= lookAhead) break;
  }
  const { delimiter, declared } = detectDelimiter(start) ?? { delimiter: ',', declared: false };
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limits.cellText * 32,
  });
  const source = Readable.from(joined(declared ? start.replace(/^.*\r?\n/, '') : start, text));
  source.on('error', error => parser.destroy(error));
  let number = declared ? 1 : 0;
  let rows = 0;
  try {
    for await (const record of source.pipe(parser) as AsyncIterable<string[]>) {
      number++;
      const cells = record.map(textOrNull);
      while (cells.length > 0 && cells.at(-1) === null) cells.pop();
      if (cells.length === 0) continue;
      checkLimits(cells, number, ++rows, limits);
      yield { number, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const long = error.code === 'CSV_MAX_RECORD_SIZE';
    throw new SpreadsheetError(long ? 'text-too-long' : 'broken-csv', {
      limit: limits.cellText,
      row: Number(error.records) + (declared ? 2 : 1),
    });
  } finally {
    source.destroy();
  }
  if (rows === 0) throw new SpreadsheetError('empty');
}

async function* joined(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

function checkLimits(cells: (string | null)[], number: number, rows: number, limits: TableLimits): void {
  if (rows > limits.rows) throw new SpreadsheetError('too-many-rows', { limit: limits.rows });
  if (cells.length > limits.columns)
    throw new SpreadsheetError('too-many-columns', { limit: limits.columns, row: number });
  if (cells.some(cell => cell !== null && cell.length > limits.cellText))
    throw new SpreadsheetError('text-too-long', { limit: limits.cellText, row: number });
}
