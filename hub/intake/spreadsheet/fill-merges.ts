import type { Merge } from './read-merges.ts';
import type { CellPlace, CellValue, SheetRow } from './sheet-row.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';

/**
 * Lends the value of every merged cell to the cells that it covers. Rows must come in ascending order.
 * `merges` must be sorted by top row. Columns from `columns` on are left alone.
 */
export function mergeFiller(merges: readonly Merge[], columns: number): (row: SheetRow) => SheetRow {
  let next = 0;
  let active: { merge: Merge; value: CellValue }[] = [];
  return row => {
    while (next < merges.length && merges[next]!.top <= row.number) {
      const merge = merges[next++]!;
      const value = merge.top === row.number ? (row.cells[merge.left] ?? null) : null;
      if (value !== null) active.push({ merge, value });
    }
    if (active.length === 0) return row;
    active = active.filter(({ merge }) => merge.bottom >= row.number);
    // Merges cannot overlap, so one row cannot be under more of them than it has columns.
    if (active.length > columns) throw new SpreadsheetError('broken-xml', { reason: 'overlapping merges' });
    const mergedFrom = new Map<number, CellPlace>();
    for (const { merge, value } of active) {
      for (let column = merge.left; column <= Math.min(merge.right, columns - 1); column++) {
        if (column === merge.left && merge.top === row.number) continue;
        while (row.cells.length < column) row.cells.push(null);
        row.cells[column] = value;
        mergedFrom.set(column, { row: merge.top, column: merge.left });
      }
    }
    return mergedFrom.size > 0 ? { ...row, mergedFrom } : row;
  };
}
