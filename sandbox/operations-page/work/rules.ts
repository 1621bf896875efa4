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
export const day: Rule = value => {
  const [, dd, mm, yyyy] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(String(value)) ?? [];
  const date = new Date(`${yyyy}-${mm}-${dd}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(dd);
};
export const orNull =
  (rule: Rule): Rule =>
  value =>
    value === null || rule(value);
export const clock: Rule = value => /^([01]\d|2[0-3]):[0-5]\d$/.test(String(value));

/** dd/MM/yyyy as a number that orders days; 0 for none. */
export const dayNumber = (value: string | null): number =>
  value === null ? 0 : Number(value.split('/').reverse().join(''));
