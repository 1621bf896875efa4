/** What stands for a secret that is not shown; given back, it keeps the secret as it is. */
export const hidden = '…';

const secretName = /(?:secret|password)$/i;

type Settings = Record<string, unknown>;
const isSettings = (value: unknown): value is Settings => typeof value === 'object' && value !== null;

/** Settings as they are shown. */
export const hideSecrets = <T extends object>(settings: T): T =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      isSettings(value) ? hideSecrets(value) : secretName.test(name) ? hidden : value,
    ]),
  ) as T;

/** Settings as given, with the secrets that were given as "…" taken from the stored ones. */
export const keepSecrets = <T extends object>(given: T, stored: Settings = {}): T =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (isSettings(value)) return [name, keepSecrets(value, stored[name] as Settings | undefined)];
      return [name, value === hidden && secretName.test(name) ? stored[name] : value];
    }),
  ) as T;
