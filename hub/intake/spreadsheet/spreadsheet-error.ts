/**
 * Why a file cannot be read as a table of people. The words for the clerk are in
 * `messages/spreadsheet.{vi,en}.json` under the same code.
 */
export type SpreadsheetErrorCode =
  /** Another kind of file; `found` names it when it is known (html, pdf, docx, ods, xlsb, binary, text). */
  | 'not-a-spreadsheet'
  /** A workbook of Excel 97–2003; it must be saved as .xlsx. */
  | 'old-xls'
  /** A workbook under a password. */
  | 'encrypted'
  /** Too many entries, too many bytes once inflated, or a ratio that no honest workbook has. */
  | 'zip-bomb'
  | 'broken-zip'
  /** `part` is the part of the package, `reason` the fault: not well formed, a DOCTYPE, or not a sheet. */
  | 'broken-xml'
  /** A quoted field of a CSV file that never ends; `row` is where it starts, when known. */
  | 'broken-csv'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'text-too-long'
  | 'empty'
  /** No row says what the columns mean, or a column is missing without which nobody can be told apart. */
  | 'no-heading'
  /** `sheet` was asked for; `sheets` lists those of the workbook. */
  | 'sheet-not-found';

/** A fault of the file as a whole. `params` fill the words and never hold the content of a data cell. */
export class SpreadsheetError extends Error {
  readonly code: SpreadsheetErrorCode;
  readonly params: Record<string, string | number>;

  constructor(
    code: SpreadsheetErrorCode,
    params: Record<string, string | number> = {},
    options: { cause?: unknown } = {},
  ) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.name = 'SpreadsheetError';
    this.code = code;
    this.params = params;
  }
}
