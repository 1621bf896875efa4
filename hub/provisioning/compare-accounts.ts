import { emptyValue } from '#schemas/account.ts';
import type { AccountValues } from './account-values.ts';

/** Attribute → what the app has and what it should have. A vendor field is `extra.<field>`. */
export type Differences = Record<string, { app: unknown; register: unknown }>;

const normal = (value: unknown): unknown => {
  if (typeof value === 'string') return value.normalize('NFC').trim() || undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : JSON.stringify(value.map(normal));
  return value ?? undefined;
};

/** The same letters; empty and absent are one. */
const equal = (a: unknown, b: unknown): boolean => normal(a) === normal(b);

const flatten = ({ extra, ...values }: AccountValues): Record<string, unknown> => ({
  ...values,
  ...Object.fromEntries(Object.entries(extra ?? {}).map(([name, value]) => [`extra.${name}`, value])),
});

/**
 * The names of what an app would be given otherwise than last time. What it was given and would not be given
 * now does not count: nothing would be said of it.
 */
export const changedNames = (given: AccountValues, wanted: AccountValues): string[] => {
  const before = flatten(given);
  return Object.entries(flatten(wanted)).flatMap(([name, value]) =>
    equal(before[name], value) ? [] : [name],
  );
};

/**
 * What is handed to an app: the values, and an empty one for whatever it was given before that the person has
 * no more. What it is not entitled to any more is neither sent nor emptied.
 */
export const withErased = (
  values: AccountValues,
  erasable: ReadonlySet<string>,
  given: AccountValues | undefined,
): AccountValues => {
  const has = flatten(values);
  const lost = Object.keys(flatten(given ?? {})).filter(name => erasable.has(name) && !(name in has));
  if (lost.length === 0) return values;
  const fields = lost.filter(name => name.startsWith('extra.')).map(name => name.slice('extra.'.length));
  const attributes = lost.filter(name => !name.startsWith('extra.'));
  return {
    ...values,
    ...(Object.fromEntries(attributes.map(name => [name, emptyValue(name)])) as AccountValues),
    ...(fields.length === 0
      ? {}
      : { extra: { ...values.extra, ...Object.fromEntries(fields.map(name => [name, ''])) } }),
  };
};

/** What an app has been given by now: what was said before and is not said any more is still there. */
export const mergeGiven = (before: AccountValues, now: AccountValues): AccountValues => ({
  ...before,
  ...now,
  ...(before.extra && now.extra ? { extra: { ...before.extra, ...now.extra } } : {}),
});

/**
 * Where an account as the app tells it differs from what it should hold. Only what is handed to the app is
 * compared: of the rest it may keep its own. Vendor fields count when the app tells them.
 */
export const differences = (has: AccountValues, should: AccountValues): Differences => {
  const [app, register] = [flatten(has), flatten(should)];
  const found: Differences = {};
  for (const [name, value] of Object.entries(register)) {
    if (name.startsWith('extra.') && has.extra === undefined) continue;
    if (!equal(app[name], value)) found[name] = { app: app[name] ?? null, register: value };
  }
  return found;
};
