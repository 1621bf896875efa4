import type { CellValue } from './sheet-row.ts';

/** A heading inside a list. `level` grows inwards. */
export interface Section {
  level: number;
  text: string;
}

const marked = /^(?:([IVXL]+)|([A-Z])|(\d{1,2}(?:\.\d{1,2})*))\s*(?:[.)\-–:/]\s*|$)(.*)$/su;
/** "Văn phòng (12 người)": the count is not part of the name. */
const count = /\s*[:(]\s*\d+\s*(người|đồng chí|đ\/c|cán bộ|biên chế)?\s*\)?$/iu;

/**
 * The section that a row opens, if it is one: a text alone, or a mark (`A`, `II`, `1.2`) with a text, with
 * nothing beside them but numbers. The caller has ruled out rows with a plain number in the ordinal column:
 * those are people, however incomplete.
 */
export function sectionOf(
  own: readonly { column: number; value: NonNullable<CellValue> }[],
): Section | undefined {
  const texts = own.filter(({ value }) => typeof value === 'string' && !/^\d+$/.test(value.trim()));
  const [first, second] = texts.map(({ value }) =>
    String(value).normalize('NFC').replace(/\s+/g, ' ').trim(),
  );
  if (first === undefined || texts.length > 2) return undefined;
  const mark = marked.exec(second === undefined ? first : `${first.replace(/[.)]$/, '')}. ${second}`);
  if (texts.length === 2 && !(mark && /^[A-Z\d.]{1,6}[.)]?$/.test(first))) return undefined;
  const text = (mark?.[4] || second || first).replace(count, '');
  if (mark?.[2] || mark?.[1]) return { level: mark[1] ? 2 : 1, text };
  if (mark?.[3]) return { level: 2 + mark[3].split('.').length, text };
  // Without a mark, capitals are the outer kind.
  return { level: text === text.toUpperCase() ? 0 : 9, text };
}

/** A section closes those of its own level and all inside them. */
export function openSection(open: readonly Section[], section: Section): Section[] {
  return [...open.filter(outer => outer.level < section.level), section];
}

/** `7` or `"7"`. */
export function isWholeNumber(value: CellValue | undefined): boolean {
  return /^\d+$/.test(typeof value === 'string' ? value.trim() : typeof value === 'number' ? `${value}` : '');
}
