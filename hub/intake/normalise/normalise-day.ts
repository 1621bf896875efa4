import { fold } from '#hub/platform/vietnamese/fold.ts';
import { daySerial, isoDay } from './calendar.ts';
import { cleanText, isBlank } from './clean-text.ts';
import type { FlagCode } from './codes.ts';
import { decodeLegacy } from './decode-legacy.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

/** A full day, ISO `YYYY-MM-DD`, or only its year. */
export type DayOrYear = { day: string } | { year: number };

export type DayOptions = {
  /** The workbook counts days from 1904. */
  date1904?: boolean;
  /** Pass it for birth dates only: the ISO day after which nobody can be born. */
  today?: string;
};

const dayFirst = /^(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})$/;
const yearFirst = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/;
const inWords = /^(?:ngay )?(\d{1,2}) ?thang (\d{1,2}),? ?nam (\d{4})$/;
const monthOnly = /^(?:(?:thang )?(\d{1,2}) ?[/.-] ?|thang (\d{1,2}),? ?nam )(\d{4})$/;
const yearOnly = /^(?:nam )?(\d{4})$/;
const timeBehind = /[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?(?:Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads a day as Vietnamese offices write it: `03/08/2018`, `3-8-2018`, `03.08.2018`, `2018-08-03`,
 * `ngày 3 tháng 8 năm 2018`; a date cell (its UTC day, as spreadsheet readers give it); a serial number, also
 * one exported as text. The day comes before the month, always. A time of day is dropped.
 * A year alone, a month with a year, and `00/00/1985` give the year only. Two-digit years are refused.
 */
export function normaliseDay(cell: Cell, options: DayOptions = {}): Normalised<DayOrYear> {
  if (isBlank(cell)) return refuse('value-missing');
  if (cell instanceof Date) return fromDate(cell, options);
  if (typeof cell === 'number') return fromNumber(cell, options);
  if (typeof cell === 'string') return fromText(cell, options);
  return refuse('value-wrong-type');
}

function fromDate(cell: Date, options: DayOptions): Normalised<DayOrYear> {
  if (Number.isNaN(cell.getTime())) return refuse('day-unreadable');
  // Readers compute the time from a fraction and may end a few milliseconds before midnight.
  const time = new Date(cell.getTime() + 500);
  const midnight = time.getTime() % 86_400_000 < 1000;
  return checked(time.toISOString().slice(0, 10), midnight ? [] : ['time-dropped'], options);
}

function fromNumber(cell: number, options: DayOptions): Normalised<DayOrYear> {
  // As a serial number it would be a day of 1905: nobody in the register, so it is a year.
  if (Number.isInteger(cell) && cell >= 1900 && cell <= 2200)
    return checkedYear(cell, ['only-year-known'], options);
  if (!(cell >= 1 && cell < 2_958_466)) return refuse('day-unreadable');
  const flags: FlagCode[] = ['from-serial-number'];
  if (!Number.isInteger(cell)) flags.push('time-dropped');
  return checked(daySerial(cell, options.date1904), flags, options);
}

function fromText(cell: string, options: DayOptions): Normalised<DayOrYear> {
  const text = cleanText(decodeLegacy(cell).text).replace(/^'/, '');
  const bare = text.replace(timeBehind, '');
  const flags: FlagCode[] = bare === text ? [] : ['time-dropped'];
  const iso = yearFirst.exec(bare);
  if (iso) return fromParts(iso[3]!, iso[2]!, iso[1]!, flags, options);
  const vietnamese = dayFirst.exec(bare) ?? inWords.exec(fold(bare));
  if (vietnamese) return fromParts(vietnamese[1]!, vietnamese[2]!, vietnamese[3]!, flags, options);
  const month = monthOnly.exec(fold(bare));
  if (month) {
    const number = Number(month[1] ?? month[2]);
    if (number < 1 || number > 12) return refuse('day-impossible');
    return checkedYear(Number(month[3]), ['month-dropped', 'only-year-known'], options);
  }
  const year = yearOnly.exec(fold(bare));
  if (year) return checkedYear(Number(year[1]), ['only-year-known'], options);
  if (/^\d{5}(?:[.,]\d+)?$/.test(bare)) return fromNumber(Number(bare.replace(',', '.')), options);
  return refuse('day-unreadable');
}

function fromParts(day: string, month: string, year: string, flags: FlagCode[], options: DayOptions) {
  if (year.length === 2) return refuse<DayOrYear>('year-ambiguous');
  if (Number(day) === 0 && Number(month) === 0) {
    return checkedYear(Number(year), [...flags, 'only-year-known'], options);
  }
  return checked(isoDay(Number(year), Number(month), Number(day)), flags, options);
}

function checked(day: string | undefined, flags: FlagCode[], { today }: DayOptions): Normalised<DayOrYear> {
  if (day === undefined) return refuse('day-impossible');
  if (day < '1900-01-01' || day > '2200-12-31' || day.length !== 10) return refuse('day-out-of-range');
  if (today !== undefined && day > today) return refuse('birth-date-in-future');
  return accept({ day }, flags);
}

function checkedYear(year: number, flags: FlagCode[], { today }: DayOptions): Normalised<DayOrYear> {
  if (year < 1900 || year > 2200) return refuse('day-out-of-range');
  if (today !== undefined && year > Number(today.slice(0, 4))) return refuse('birth-date-in-future');
  return accept({ year }, flags);
}
