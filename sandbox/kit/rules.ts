import { isVietnameseDay } from './vietnamese-day.ts';

/** Says whether a value of a field is taken. */
export type Rule = (value: unknown) => boolean;

export const filled: Rule = value =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 20_000;
export const text: Rule = value => value === null || (typeof value === 'string' && value.length <= 20_000);
export const texts: Rule = value => Array.isArray(value) && value.every(filled);
export const truth: Rule = value => typeof value === 'boolean';
export const oneOf =
  (...words: string[]): Rule =>
  value =>
    words.includes(value as string);
/** dd/MM/yyyy, a day of the calendar. */
export const day: Rule = isVietnameseDay;
/** yyyy-MM-dd, a day of the calendar. */
export const isoDay: Rule = value => {
  const given = String(value);
  const date = new Date(`${given}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === given;
};
export const clock: Rule = value => /^([01]\d|2[0-3]):[0-5]\d$/.test(String(value));
export const orNull =
  (rule: Rule): Rule =>
  value =>
    value === null || rule(value);
