import { isoDay } from '#hub/intake/normalise/calendar.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { RowReport } from '#schemas/intake.ts';

type RowError = NonNullable<RowReport['errors']>[number];

const daysOf = (record: HrRecord): [field: string, day: string | undefined][] => [
  ['birthDate', record.birthDate],
  ['statusFrom', record.statusFrom],
  ['salaryFrom', record.salary?.from],
  ['mainPosition', record.mainPosition?.from],
  ...(record.positions ?? []).flatMap(({ from, to }): [string, string | undefined][] => [
    ['positions', from],
    ['positions', to],
  ]),
  ...(record.awards ?? []).map(({ date }): [string, string | undefined] => ['awards', date]),
  ...(record.disciplines ?? []).map(({ date }): [string, string | undefined] => ['disciplines', date]),
];

const exists = (day: string): boolean => {
  const [year, month, date] = day.split('-').map(Number);
  return isoDay(year!, month!, date!) === day;
};

/** U+0000 and half surrogate pairs: JSON can carry them, PostgreSQL cannot keep them. */
const isUnkeepable = (record: HrRecord): boolean => {
  const text = Object.values(record).map(value =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return text.some(value => /\0|\\u0000|\\ud[89a-f][0-9a-f]{2}/.test(value) || !value.isWellFormed());
};

/**
 * What the schema cannot say of a record: days that exist, a birth that has been, texts that can be kept, one
 * main post. One such record would otherwise stop all that came with it. `today` is an ISO day. Pure.
 */
export const checkRecord = (record: HrRecord, today: string): RowError | undefined => {
  if (isUnkeepable(record)) return { code: 'text-unreadable' };
  const wrong = daysOf(record).find(([, day]) => day !== undefined && !exists(day));
  if (wrong !== undefined) return { code: 'day-impossible', field: wrong[0] };
  if ((record.birthDate ?? '') > today || (record.birthYear ?? 0) > Number(today.slice(0, 4)))
    return { code: 'birth-date-in-future', field: 'birthDate' };
  if ((record.positions ?? []).filter(({ main }) => main).length > 1)
    return { code: 'two-main-posts', field: 'positions' };
  return undefined;
};
