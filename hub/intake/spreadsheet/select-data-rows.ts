import { type Header, isNumbering } from './find-header.ts';
import { type Field, headingKey, recogniseHeading } from './heading-fields.ts';
import { isWholeNumber, openSection, type Section, sectionOf } from './section-heading.ts';
import { type CellValue, ownCells, type SheetRow } from './sheet-row.ts';

/** A row about a person. */
export interface DataRow extends SheetRow {
  /** The headings above it, outermost first, as they stand: provinces put the unit there. */
  sections: string[];
}

/** Strict, because "Tống Công Minh" is a person. */
const total =
  /^(tong|cong|tong cong|tong so)( (cong )?\d.*)?$|^tong (cong|so) (so|nguoi|can bo|cong chuc|vien chuc|cbccvc|bien che)\b/;
/** What stands under a list: who drew it up, who signs it, where it goes. */
const signature =
  /^(nguoi lap|lap bieu|nguoi ky|thu truong|xac nhan|ke toan truong|noi nhan|ky ten|tm |kt |.*\bngay \d* ?thang \d* ?nam\b)/;

/** What tells a person from a heading, a total or a signature. */
const telling: Field[] = ['citizenNumber', 'code', 'birthDate', 'male', 'female'];

/**
 * The rows about people below a heading. Leaves out section headings ("I. VĂN PHÒNG", kept as `sections` of
 * the rows below), totals, headings and column numbers repeated on each printed page, and what stands under
 * the list. A row that might be about a person is never left out: it must come back as refused, not vanish.
 */
export async function* selectDataRows(
  rows: AsyncIterable<SheetRow>,
  header: Header,
): AsyncGenerator<DataRow> {
  let sections: Section[] = [];
  let underTheList = false;
  for await (const row of rows) {
    if (row.number < header.firstDataRow || isNumbering(row) || isRepeatedHeading(row, header)) continue;
    const own = ownCells(row);
    const keys = own.map(({ value }) => (typeof value === 'string' ? headingKey(value) : ''));
    const numbered = isWholeNumber(row.cells[header.columns.get('ordinal') ?? -1]);
    const tellsOfPerson = telling.some(field => {
      const column = header.columns.get(field) ?? -1;
      return !row.mergedFrom?.has(column) && tells(row.cells[column]);
    });
    if (!numbered && keys.slice(0, 2).some(key => total.test(key))) continue;
    if (!numbered && !tellsOfPerson) {
      if (keys.some(key => signature.test(key))) {
        // Several lists may stand one under the other: nothing of this one holds for the next.
        sections = [];
        underTheList = true;
        continue;
      }
      const section = sectionOf(own);
      if (section) sections = openSection(sections, section);
      if (section || underTheList) continue;
    }
    underTheList = false;
    yield { ...row, sections: sections.map(section => section.text) };
  }
}

/** A date, a year, a code: not a count of people, and not a sentence that happens to stand there. */
function tells(value: CellValue | undefined): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  if (value instanceof Date) return true;
  const text = String(value).trim();
  if (/^\d+$/.test(text)) return text.length > 3;
  return text.length === 1 || (/\d/.test(text) && text.split(/\s+/).length < 3);
}

function isRepeatedHeading(row: SheetRow, header: Header): boolean {
  let same = 0;
  for (const [field, column] of header.columns) {
    const value = row.cells[column];
    if (typeof value === 'string' && recogniseHeading([value]) === field) same++;
  }
  return same > 2;
}
