import type { AccountValues } from './account-values.ts';

/** Attribute → what the app has and what it should have. A vendor field is `extra.<field>`. */
export type Differences = Record<string, { app: unknown; register: unknown }>;

const normal = (value: unknown): unknown => {
  if (typeof value === 'string') return value.normalize('NFC').trim();
  if (Array.isArray(value)) return value.length === 0 ? undefined : JSON.stringify(value.map(normal));
  return value === null || value === '' ? undefined : value;
};

const equal = (a: unknown, b: unknown): boolean => (normal(a) ?? undefined) === (normal(b) ?? undefined);

const flatten = ({ extra, ...values }: AccountValues): Record<string, unknown> => ({
  ...values,
  ...Object.fromEntries(Object.entries(extra ?? {}).map(([name, value]) => [`extra.${name}`, value])),
});

/** Whether an app would be given anything else than last time: every field counts, also one that is gone. */
export const sameValues = (a: AccountValues, b: AccountValues): boolean => {
  const [left, right] = [flatten(a), flatten(b)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every(name =>
    equal(left[name], right[name]),
  );
};

/**
 * Where an account as the app tells it differs from what it should hold. Only what the register knows is
 * compared: where it knows nothing the app may keep its own. Vendor fields count when the app tells them.
 */
export const differences = (has: AccountValues, should: AccountValues): Differences => {
  const [app, register] = [flatten(has), flatten(should)];
  const found: Differences = {};
  for (const [name, value] of Object.entries(register)) {
    if (normal(value) === undefined && name !== 'awards') continue;
    if (name.startsWith('extra.') && has.extra === undefined) continue;
    if (!equal(app[name], value)) found[name] = { app: app[name] ?? null, register: value };
  }
  return found;
};
