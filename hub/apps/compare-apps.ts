import { isDeepStrictEqual } from 'node:util';
import type { App } from '#schemas/app.ts';

/** What a change of an app did, for the trail. Of settings only the names: a value may be a secret. */
export interface AppChanges {
  fields: Record<string, { from: unknown; to: unknown }>;
  settings: string[];
}

const shown = [
  'name',
  'owner',
  'connector',
  'enabled',
  'entitlement',
  'mapping',
  'guard',
  'disableGuard',
  'signOn',
] as const;

/** The differences between two states (settings opened), or undefined when there are none. */
export const compareApps = (before: App | undefined, after: App): AppChanges | undefined => {
  const fields: AppChanges['fields'] = {};
  for (const field of shown)
    if (!isDeepStrictEqual(before?.[field], after[field]))
      fields[field] = { from: before?.[field] ?? null, to: after[field] ?? null };
  const names = new Set([...Object.keys(before?.settings ?? {}), ...Object.keys(after.settings)]);
  const settings = [...names].filter(
    name => !isDeepStrictEqual(before?.settings[name], after.settings[name]),
  );
  return Object.keys(fields).length + settings.length === 0
    ? undefined
    : { fields, settings: settings.sort() };
};
