/** Rows of a sandbox app by id, with further keys that only one row may hold; as fast at 100,000 rows as at 10. */
export interface UniqueRows<T> {
  get(id: string): T | undefined;
  find(key: string, value: string): T | undefined;
  /** Writes a row and answers undefined, or answers the key that another row already holds and writes nothing. */
  put(row: T): string | undefined;
  /** `size` rows from `offset`, in the order in which they came. */
  slice(offset: number, size: number): T[];
  all(): T[];
  count(): number;
}

/** `keys` are compared without regard to case, as the apps' databases do; an empty value is nobody's. */
export const createUniqueRows = <T>(
  idOf: (row: T) => string,
  keys: Record<string, (row: T) => string>,
): UniqueRows<T> => {
  const rows = new Map<string, T>();
  const order: string[] = [];
  const holders = new Map(Object.keys(keys).map(key => [key, new Map<string, string>()]));
  const fold = (value: string) => value.toLowerCase();
  return {
    get: id => rows.get(id),
    find(key, value) {
      const id = holders.get(key)?.get(fold(value));
      return id === undefined ? undefined : rows.get(id);
    },
    put(row) {
      const id = idOf(row);
      for (const [key, readKey] of Object.entries(keys)) {
        const holder = readKey(row) === '' ? undefined : holders.get(key)?.get(fold(readKey(row)));
        if (holder !== undefined && holder !== id) return key;
      }
      const before = rows.get(id);
      for (const [key, readKey] of Object.entries(keys)) {
        if (before !== undefined) holders.get(key)?.delete(fold(readKey(before)));
        if (readKey(row) !== '') holders.get(key)?.set(fold(readKey(row)), id);
      }
      if (before === undefined) order.push(id);
      rows.set(id, row);
      return undefined;
    },
    slice: (offset, size) => order.slice(offset, offset + size).map(id => rows.get(id) as T),
    all: () => [...rows.values()],
    count: () => order.length,
  };
};
