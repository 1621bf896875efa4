import { ConnectorError } from './errors.ts';
import { toIsoDay, toVietnameseDay } from './vietnamese-day.ts';

/** The vendor's word for ours, and back; a word that we do not know is the first one. */
export const translate = <K extends string>(words: Record<K, string>) => ({
  to: (ours: string): string => words[ours as K],
  from: (theirs: string | null | undefined): K =>
    ((Object.keys(words) as K[]).find(key => words[key] === theirs) ?? Object.keys(words)[0]) as K,
});

/** Without what is undefined, null or empty. */
export const filled = <T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [K in keyof T]?: NonNullable<T[K]> };

/** `31/12/2026` as an ISO 8601 day; what is no day is not told. */
export const dayOf = (text: string | null | undefined): string | undefined => toIsoDay(text ?? undefined);

/** Likewise for a day that must be there; `field` names its place in the answer. */
export const demandDay = (text: string, field: string): string => {
  const day = toIsoDay(text);
  if (day === undefined) throw new ConnectorError('unexpected-answer', `the answer has no day at /${field}`);
  return day;
};

/** A day of ours as `31/12/2026`; undefined is not sent. */
export const dayTo = (day: string | undefined): string | undefined =>
  day === undefined ? undefined : toVietnameseDay(day);
