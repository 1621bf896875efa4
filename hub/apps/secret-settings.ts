/** What stands for a secret that is not shown; given back, it keeps the secret as it is. */
export const hidden = '…';

type Settings = Record<string, unknown>;
type Replace = (value: unknown, pointer: string) => unknown;

const secretName = /password|secret|key|token/i;
const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** `secretKeys` are JSON pointers (a bare name means the outermost level); null: names decide. */
const secretTest = (secretKeys: string[] | null): ((pointer: string, name: string) => boolean) => {
  if (secretKeys === null) return (_pointer, name) => secretName.test(name);
  const pointers = new Set(secretKeys.map(key => (key.startsWith('/') ? key : `/${escapePointer(key)}`)));
  return pointer => pointers.has(pointer);
};

/** A copy in which every secret is replaced; one replaced by undefined is left out. */
const mapSecrets = (settings: Settings, secretKeys: string[] | null, replace: Replace): Settings => {
  const isSecret = secretTest(secretKeys);
  const walk = (value: unknown, pointer: string): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item, index) => walk(item, `${pointer}/${index}`));
    const entries = Object.entries(value).map(([name, inner]) => {
      const at = `${pointer}/${escapePointer(name)}`;
      return [name, isSecret(at, name) ? replace(inner, at) : walk(inner, at)] as const;
    });
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  };
  return walk(settings, '') as Settings;
};

/** Settings as anybody may see them. An empty secret reads as empty: "not set" is no secret. */
export const hideSecrets = (settings: Settings, secretKeys: string[] | null): Settings =>
  mapSecrets(settings, secretKeys, value => (value === '' || value === null ? value : hidden));

/** Settings as given, with the secrets that were given as "…" taken from the stored ones. */
export const keepSecrets = (given: Settings, stored: Settings, secretKeys: string[] | null): Settings => {
  const known = new Map<string, unknown>();
  mapSecrets(stored, secretKeys, (value, pointer) => {
    known.set(pointer, value);
    return value;
  });
  return mapSecrets(given, secretKeys, (value, pointer) => (value === hidden ? known.get(pointer) : value));
};
