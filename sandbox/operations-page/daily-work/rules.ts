import { isVietnameseDay } from '#sandbox/kit/vietnamese-day.ts';

/** Says whether a value of a field is taken. */
export type Rule = (value: unknown) => boolean;

export const filled: Rule = value =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 20_000;
export const text: Rule = value => value === null || (typeof value === 'string' && value.length <= 20_000);
export const texts: Rule = value => Array.isArray(value) && value.every(filled);
export const oneOf =
  (...words: string[]): Rule =>
  value =>
    words.includes(value as string);
/** dd/MM/yyyy, a day of the calendar. */
export const day: Rule = isVietnameseDay;
export const orNull =
  (rule: Rule): Rule =>
  value =>
    value === null || rule(value);
export const clock: Rule = value => /^([01]\d|2[0-3]):[0-5]\d$/.test(String(value));
