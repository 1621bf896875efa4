import { showCell } from '#hub/intake/imports/show-cell.ts';
import { normaliseCitizenNumber } from '#hub/intake/normalise/normalise-citizen-number.ts';
import { normaliseCode } from '#hub/intake/normalise/normalise-code.ts';
import { normaliseCoefficient } from '#hub/intake/normalise/normalise-coefficient.ts';
import { normaliseDay } from '#hub/intake/normalise/normalise-day.ts';
import { normaliseGender } from '#hub/intake/normalise/normalise-gender.ts';
import { normaliseGrade } from '#hub/intake/normalise/normalise-grade.ts';
import { normaliseName } from '#hub/intake/normalise/normalise-name.ts';
import { normalisePhone } from '#hub/intake/normalise/normalise-phone.ts';
import { normaliseRank } from '#hub/intake/normalise/normalise-rank.ts';
import type { Normalised } from '#hub/intake/normalise/normalised.ts';
import { padCode } from '#hub/intake/normalise/pad-code.ts';
import type { Field } from '#hub/intake/spreadsheet/heading-fields.ts';
import type { CellValue } from '#hub/intake/spreadsheet/sheet-row.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { Remark, RowReport } from '#schemas/intake.ts';

export type RowError = NonNullable<RowReport['errors']>[number];
/** `name`: the person's, when it can be read. */
export type RowRecord = ({ record: HrRecord } | { errors: RowError[] }) & {
  name?: string;
  flags: string[];
  remarks: Remark[];
};

/** What a row is read with. */
export interface RowContext {
  columns: Map<Field, number>;
  /** Section headings above the row, outermost first: the unit, where there is no column for it. */
  sections: string[];
  today: string;
  /** Length of the province's staff codes, for those that lost leading zeros. */
  codeWidth: number | undefined;
}

const listOf = (cell: CellValue): string[] =>
  String(cell ?? '')
    .split(/[;\n]/)
    .map(text => text.trim())
    .filter(text => text !== '');

/** A row as a record, or everything that is wrong with it, each with its field. Pure. */
export const rowToRecord = (cells: CellValue[], context: RowContext): RowRecord => {
  const errors: RowError[] = [];
  const flags = new Set<string>();
  const remarks: Remark[] = [];
  const note = (field: Field, from: CellValue, to: unknown, found: string[]): void => {
    const [before, after] = [showCell(from), showCell(to)];
    for (const flag of found) {
      flags.add(flag);
      // A citizen number is not shown, not even to whom it came from: reports are kept.
      if (field === 'citizenNumber') remarks.push({ flag, field });
      else if (before !== after) remarks.push({ flag, field, params: { before, after } });
    }
  };
  const cellOf = (field: Field): CellValue => cells[context.columns.get(field) ?? -1] ?? null;
  const isGiven = (field: Field): boolean => {
    const cell = cellOf(field);
    return cell !== null && String(cell).trim() !== '';
  };
  const read = <T>(field: Field, normalise: (cell: CellValue) => Normalised<T>): T | undefined => {
    if (!isGiven(field)) return undefined;
    const result = normalise(cellOf(field));
    if ('error' in result) {
      errors.push({
        code: result.error,
        field,
        ...(result.detail === undefined ? {} : { params: { detail: result.detail } }),
      });
      return undefined;
    }
    note(field, cellOf(field), result.value, result.flags);
    return result.value;
  };
  const birth = (field: Field) => read(field, cell => normaliseDay(cell, { today: context.today }));

  const split = [cellOf('familyName'), cellOf('givenName')].filter(part => part !== null).join(' ');
  const givenName = isGiven('name') ? cellOf('name') : split;
  const nameResult = normaliseName(givenName);
  if ('error' in nameResult) errors.push({ code: nameResult.error, field: 'name' });
  else note('name', givenName, nameResult.value, nameResult.flags);

  // The old form: a date or a mark under "Nam" or "Nữ" tells the gender too.
  const column = isGiven('male') ? 'male' : isGiven('female') ? 'female' : undefined;
  const mark = column === undefined ? '' : String(cellOf(column)).trim();
  const born = column !== undefined && !/^[x✓v]$/i.test(mark) ? birth(column) : birth('birthDate');
  const gender = column ?? read('gender', normaliseGender);
  const year = born === undefined ? undefined : 'day' in born ? Number(born.day.slice(0, 4)) : born.year;

  const citizenNumber = read('citizenNumber', cell =>
    normaliseCitizenNumber(cell, {
      ...(gender === undefined ? {} : { gender }),
      ...(year === undefined ? {} : { birthYear: year }),
    }),
  );
  const code = read('code', cell => {
    const found = normaliseCode(cell);
    return 'error' in found || context.codeWidth === undefined
      ? found
      : padCode(found.value, context.codeWidth);
  });
  const rank = read('rank', normaliseRank);
  const grade = read('grade', normaliseGrade);
  const coefficient = read('coefficient', normaliseCoefficient);
  const from = read('salaryFrom', cell => normaliseDay(cell));
  const phone = read('phone', normalisePhone);
  const email = isGiven('email') ? String(cellOf('email')).trim() : undefined;
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    errors.push({ code: 'email-unreadable', field: 'email' });
  const unit = isGiven('unitCode')
    ? String(cellOf('unitCode')).trim()
    : isGiven('unit')
      ? String(cellOf('unit')).trim()
      : context.sections.at(-1);
  // Half a salary step would be a wrong one; it is left out and said.
  const step = [rank, grade, coefficient, from].filter(value => value !== undefined).length;
  const salary =
    step === 4 && 'day' in from!
      ? { rank: rank!, grade: grade!, coefficient: coefficient!, from: from.day }
      : undefined;
  if (step > 0 && salary === undefined) flags.add('salary-incomplete');

  const name = 'error' in nameResult ? {} : { name: nameResult.value };
  if (errors.length > 0 || 'error' in nameResult) return { errors, ...name, flags: [...flags], remarks };
  const awards = listOf(cellOf('awards')).map(title => ({ title }));
  const disciplines = listOf(cellOf('disciplines')).map(title => ({ title }));
  const record: HrRecord = {
    name: nameResult.value,
    ...(code === undefined ? {} : { code }),
    ...(citizenNumber === undefined ? {} : { citizenNumber }),
    ...(born === undefined ? {} : 'day' in born ? { birthDate: born.day } : { birthYear: born.year }),
    ...(gender === undefined ? {} : { gender }),
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
    ...(unit === undefined
      ? {}
      : { mainPosition: { unit, title: isGiven('title') ? String(cellOf('title')).trim() : '' } }),
    ...(salary === undefined ? {} : { salary }),
    ...(awards.length === 0 ? {} : { awards }),
    ...(disciplines.length === 0 ? {} : { disciplines }),
  };
  return { record, ...name, flags: [...flags], remarks };
};
