/**
 * Lays the IT centre's own values (`extra` of a desired account) over a vendor record, only for fields that
 * the vendor's type has and never for its keys.
 */
export const withExtra = <T extends object>(
  record: T,
  extra: Record<string, string> | undefined,
  fields: readonly (keyof T & string)[],
): T =>
  extra === undefined
    ? record
    : {
        ...record,
        ...Object.fromEntries(Object.entries(extra).filter(([name]) => fields.includes(name as never))),
      };

/** Without what is undefined or empty: an app tells an absent value as an empty element. */
export const dropEmpty = <T extends object>(record: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;

/** An empty text as the null by which a JSON vendor empties a field; anything else as it is. */
export const emptyToNull = <T>(value: T): T | null => (value === '' ? null : value);
