import type { AppAnswer } from '#sandbox/kit/app-server.ts';

/** A refusal in the portal's manner. */
export const error = (status: number, code: string, message: string, field?: string): AppAnswer => ({
  status,
  json: { error: { code, message, ...(field === undefined ? {} : { field }) } },
});
export const invalid = (field: string): AppAnswer =>
  error(422, 'validation_failed', 'Giá trị không hợp lệ', field);

/** Says whether a value of a field is taken. */
export type Rule = (value: unknown) => boolean;
export const filled: Rule = value => typeof value === 'string' && value.trim() !== '';
export const text: Rule = value => value === null || typeof value === 'string';
/** yyyy-MM-dd, a day of the calendar. */
export const isoDay: Rule = value => {
  const day = String(value);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day;
};
export const orNull =
  (rule: Rule): Rule =>
  value =>
    value === null || rule(value);
