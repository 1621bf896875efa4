import type { SheetRow } from './sheet-row.ts';

/**
 * The heading texts of every column of a block of heading rows, top down, each once. A group whose cells were
 * not merged (CSV, or text centred across cells) is lent to the columns on its right that have a text below it
 * and none beside it.
 */
export function headingPaths(block: readonly SheetRow[]): { index: number; path: string[] }[] {
  const grid = block.map(row => row.cells.map(textOf));
  const width = Math.max(0, ...grid.map(row => row.length));
  for (const [level, row] of grid.entries()) {
    const below = (column: number) => grid.slice(level + 1).some(lower => lower[column]);
    for (let column = 1; column < width; column++) {
      const left = row[column - 1];
      if (!row[column] && left && below(column) && below(column - 1)) row[column] = left;
    }
  }
  const found: { index: number; path: string[] }[] = [];
  for (let index = 0; index < width; index++) {
    const path = grid.map(row => row[index] ?? '').filter((text, i, all) => text && text !== all[i - 1]);
    if (path.length > 0) found.push({ index, path });
  }
  return found;
}

/** Line breaks inside a heading are only for show. */
function textOf(value: SheetRow['cells'][number]): string {
  return typeof value === 'string' ? value.normalize('NFC').replace(/\s+/g, ' ').trim() : '';
}
