import { type Field, headingKey, recogniseHeading } from './heading-fields.ts';
import { headingPaths } from './heading-paths.ts';
import { ownCells, type SheetRow } from './sheet-row.ts';

/** What an earlier import of the same source taught: the heading (levels joined by ` / `) and its field. */
export type SavedMapping = Readonly<Record<string, Field>>;

export interface Header {
  /** Sheet row numbers of the heading, top down; empty when none was found. */
  headerRows: number[];
  /** The first sheet row after the heading and the row of column numbers under it. */
  firstDataRow: number;
  columns: Map<Field, number>;
  /** Columns whose heading says nothing, or (`sameAs`) says what another column already is. */
  unknownColumns: { index: number; heading: string; sameAs?: Field }[];
  /** Without these nobody can be told apart: the name, and one of citizen number, code or birth date. */
  missing: Field[];
}

/** A heading stands among the first rows and has at most so many levels. */
const deepest = 3;

/**
 * Finds the heading among the first rows (about 30) of a sheet, below title lines, in one to three rows, and
 * what each column means. A saved mapping goes before what the headings say by themselves.
 */
export function findHeader(rows: readonly SheetRow[], saved: SavedMapping = {}): Header {
  let best: { start: number; end: number; score: number } | undefined;
  for (let start = 0; start < rows.length; start++) {
    for (let end = start + 1; end <= Math.min(start + deepest, rows.length); end++) {
      const { columns } = mapColumns(rows.slice(start, end), saved);
      // As many fields as can be; of equals the fewest rows, then the topmost.
      const score = columns.size * 10 - (end - start);
      if (columns.size > 1 && (!best || score > best.score)) best = { start, end, score };
    }
  }
  if (!best) return { headerRows: [], firstDataRow: rows[0]?.number ?? 1, ...mapColumns([], saved) };
  const { start, end } = growByMerges(rows, best.start, best.end);
  const block = rows.slice(start, end);
  const numbering = rows[end] && isNumbering(rows[end]) ? 1 : 0;
  return {
    headerRows: block.map(row => row.number),
    firstDataRow: rows[end - 1 + numbering]!.number + 1,
    ...mapColumns(block, saved),
  };
}

/** Takes in the rows that merged cells tie to the heading: group rows above, the rest of tall cells below. */
function growByMerges(rows: readonly SheetRow[], start: number, end: number) {
  const origins = (row: SheetRow | undefined) =>
    [...(row?.mergedFrom?.values() ?? [])].map(place => place.row);
  while (start > 0 && origins(rows[start]).some(origin => origin <= rows[start - 1]!.number)) start--;
  const last = rows[end - 1]!.number;
  const isHeading = (origin: number) => origin >= rows[start]!.number && origin <= last;
  while (origins(rows[end]).some(isHeading)) end++;
  return { start, end };
}

function mapColumns(block: readonly SheetRow[], saved: SavedMapping) {
  const savedByKey = new Map(Object.entries(saved).map(([heading, field]) => [headingKey(heading), field]));
  const seen = headingPaths(block).map(({ index, path }) => {
    const heading = path.join(' / ');
    const taught = savedByKey.get(headingKey(heading)) ?? savedByKey.get(headingKey(path.at(-1)!));
    return { index, heading, taught, field: taught ?? recogniseHeading(path) };
  });
  const columns = new Map<Field, number>();
  for (const { index, taught } of seen) if (taught && !columns.has(taught)) columns.set(taught, index);
  for (const { index, field } of seen) if (field && !columns.has(field)) columns.set(field, index);
  const unknownColumns: Header['unknownColumns'] = [];
  for (const { index, heading, field } of seen) {
    if (!field) unknownColumns.push({ index, heading });
    else if (columns.get(field) !== index && field !== 'ignored' && field !== 'ordinal')
      unknownColumns.push({ index, heading, sameAs: field });
  }
  return { columns, unknownColumns, missing: missingFields(columns) };
}

function missingFields(columns: ReadonlyMap<Field, number>): Field[] {
  const missing: Field[] = [];
  if (!columns.has('name') && !(columns.has('familyName') && columns.has('givenName'))) missing.push('name');
  const telling: Field[] = ['citizenNumber', 'code', 'birthDate', 'male', 'female'];
  if (!telling.some(field => columns.has(field))) missing.push('citizenNumber');
  return missing;
}

/** `(1) (2) (3)`, `1 2 3`, `A B 1 2 3`, also with sums such as `(7)=(5)+(6)`. */
export function isNumbering(row: SheetRow): boolean {
  const marks = ownCells(row).map(
    ({ value }) =>
      /^\(?([A-Z]|\d{1,2})\)?(\s*=.*)?$/i.exec(value instanceof Date ? '' : String(value).trim())?.[1],
  );
  const numbers = marks.map(Number).filter(Number.isInteger);
  return marks.length > 2 && !marks.includes(undefined) && numbers.every((n, i) => n === numbers[0]! + i);
}
