import { mergeFiller } from './fill-merges.ts';
import { openZip, type ZipParts } from './open-zip.ts';
import { type SheetSurvey, surveySheet } from './read-merges.ts';
import { readSharedStrings } from './read-shared-strings.ts';
import { readSheet } from './read-sheet.ts';
import { readStyles } from './read-styles.ts';
import { readWorkbook, type Workbook } from './read-workbook.ts';
import type { SheetRow } from './sheet-row.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';
import { defaultLimits, type TableLimits } from './table-limits.ts';

/** Limits that differ from the usual ones, and the sheet to read when it is not the first with rows. */
export interface XlsxOptions extends Partial<TableLimits> {
  /** Name of the tab; case and outer blanks do not count. A hidden sheet can be named too. */
  sheet?: string;
}

/**
 * Streams the rows of an Office Open XML workbook (ECMA-376): those of the first visible sheet that has any,
 * or of the sheet named. Memory holds the shared strings and one chunk of rows; nothing is evaluated.
 * @throws SpreadsheetError while it is iterated
 */
export async function* readXlsx(path: string, options: XlsxOptions = {}): AsyncGenerator<SheetRow> {
  const limits = { ...defaultLimits, ...options };
  const zip = await openZip(path, limits);
  try {
    const book = await readWorkbook(zip);
    const { part, survey } = await chooseSheet(zip, book, options.sheet, limits);
    const strings = await readSharedStrings(zip, book.sharedStrings, limits);
    const styles = await readStyles(zip, book.styles);
    const fill = mergeFiller(survey.merges, limits.columns);
    const context = { part, strings, styles, date1904: book.date1904 };
    for await (const row of readSheet(zip, context, limits)) yield fill(row);
  } finally {
    zip.close();
  }
}

async function chooseSheet(
  zip: ZipParts,
  book: Workbook,
  wanted: string | undefined,
  limits: TableLimits,
): Promise<{ part: string; survey: SheetSurvey }> {
  const key = (name: string) => name.normalize('NFC').trim().toLowerCase();
  const candidates = book.sheets.filter(sheet =>
    wanted === undefined ? !sheet.hidden : key(sheet.name) === key(wanted),
  );
  if (wanted !== undefined && candidates.length === 0) {
    const sheets = book.sheets.map(sheet => sheet.name).join(', ');
    throw new SpreadsheetError('sheet-not-found', { sheet: wanted, sheets });
  }
  for (const { part } of candidates) {
    const survey = await surveySheet(zip, part, limits);
    if (survey.hasValues) return { part, survey };
  }
  throw new SpreadsheetError('empty');
}
