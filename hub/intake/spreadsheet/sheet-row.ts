/**
 * What a cell holds. A date is UTC midnight of the day that the cell shows. Text keeps its blanks and its
 * encoding; text of blanks only is `null`. An error cell is the text of the error, such as `#N/A`.
 */
export type CellValue = string | number | boolean | Date | null;

/** A cell of the same sheet: `row` counts from 1, `column` from 0. */
export interface CellPlace {
  row: number;
  column: number;
}

/** A row with at least one value of its own; rows without any are not told. */
export interface SheetRow {
  /** 1-based, as the spreadsheet program shows it. */
  number: number;
  /** By column, A at 0. As long as the last value needs. */
  cells: CellValue[];
  /** For the columns whose value belongs to a merged cell that starts elsewhere: where it starts. */
  mergedFrom?: ReadonlyMap<number, CellPlace>;
}

/** The row's own values, without those lent by a merged cell. */
export function ownCells(row: SheetRow): { column: number; value: NonNullable<CellValue> }[] {
  return row.cells.flatMap((value, column) =>
    value === null || row.mergedFrom?.has(column) ? [] : [{ column, value }],
  );
}
