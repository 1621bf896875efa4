import type { ZipParts } from './open-zip.ts';
import { parseXml } from './parse-xml.ts';
import { type CellContext, readCell, textOrNull } from './read-cell.ts';
import { placeOf } from './read-merges.ts';
import { RichText } from './rich-text.ts';
import type { SheetRow } from './sheet-row.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';
import type { TableLimits } from './table-limits.ts';

/**
 * The rows of one sheet that hold a value, without regard to merges.
 * @throws SpreadsheetError `broken-xml`, `too-many-rows`, `too-many-columns`, `text-too-long`
 */
export async function* readSheet(
  zip: ZipParts,
  context: CellContext,
  limits: TableLimits,
): AsyncGenerator<SheetRow> {
  const ready: SheetRow[] = [];
  const handlers = sheetHandlers(context, limits, row => ready.push(row));
  for await (const _ of parseXml(zip.read(context.part), context.part, handlers)) {
    yield* ready;
    ready.length = 0;
  }
}

function sheetHandlers(context: CellContext, limits: TableLimits, tell: (row: SheetRow) => void) {
  let row: SheetRow = { number: 0, cells: [] };
  let rows = 0;
  let column = -1;
  let type = '';
  let style = 0;
  let raw = '';
  let inValue = false;
  const inline = new RichText(limits.cellText);

  function keep(): void {
    const value = type === 'inlineStr' ? textOrNull(inline.take()) : readCell(type, style, raw, context);
    if (value === null) return;
    if (column >= limits.columns)
      throw new SpreadsheetError('too-many-columns', { limit: limits.columns, row: row.number });
    while (row.cells.length < column) row.cells.push(null);
    row.cells[column] = value;
  }

  return {
    open(name: string, attributes: Record<string, string>): void {
      if (name === 'c') {
        column = attributes.r === undefined ? column + 1 : (placeOf(attributes.r)?.column ?? column + 1);
        type = attributes.t ?? 'n';
        style = Number(attributes.s ?? 0);
        raw = '';
        inline.clear();
      } else if (name === 'v') inValue = true;
      else if (name === 'row') {
        const number = attributes.r === undefined ? row.number + 1 : Number(attributes.r);
        if (!(number > row.number && number <= 1_048_576))
          throw new SpreadsheetError('broken-xml', { part: context.part, reason: 'rows out of order' });
        row = { number, cells: [] };
        column = -1;
      } else inline.open(name);
    },
    text(text: string): void {
      if (!inValue) inline.add(text);
      else raw += text;
      if (raw.length > limits.cellText)
        throw new SpreadsheetError('text-too-long', { limit: limits.cellText, row: row.number });
    },
    close(name: string): void {
      if (name === 'v') inValue = false;
      else if (name === 'c') keep();
      else if (name === 'row') {
        if (row.cells.length === 0) return;
        if (++rows > limits.rows) throw new SpreadsheetError('too-many-rows', { limit: limits.rows });
        tell(row);
      } else inline.close(name);
    },
  };
}
