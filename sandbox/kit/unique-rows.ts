/** Rows of a sandbox app by id, with further keys that only one row may hold; as fast at 100,000 rows as at 10. */
export interface UniqueRows<T> {
  get(id: string): T | undefined;
  /** The row that holds this value; of several (see `load`) the one that has held it longest. */
  find(key: string, value: string): T | undefined;
  /**
   * Writes a row and answers undefined, or answers the key that another row already holds and writes nothing.
   * A value that the row had before is not looked at.
   */
  put(row: T): string | undefined;
  /** Takes a row in as it is: old data may hold a key twice, from before the app began to look. */
  load(row: T): void;
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
  const indexes = Object.entries(keys).map(([key, read]) => ({
    key,
    held: (row: T): string => read(row).toLowerCase(),
    holders: new Map<string, Set<string>>(),
  }));
  const load = (row: T): void => {
    const id = idOf(row);
    const before = rows.get(id);
    for (const { held, holders } of indexes) {
      const value = held(row);
      if (before !== undefined && held(before) === value) continue;
      if (before !== undefined) holders.get(held(before))?.delete(id);
      if (value === '') continue;
      const same = holders.get(value);
      if (same === undefined) holders.set(value, new Set([id]));
      else same.add(id);
    }
    if (before === undefined) order.push(id);
    rows.set(id, row);
  };
  return {
    get: id => rows.get(id),
    find(key, value) {
      const { holders } = indexes.find(index => index.key === key) ?? {};
      const [id] = holders?.get(value.toLowerCase()) ?? [];
      return id === undefined ? undefined : rows.get(id);
    },
    put(row) {
      const before = rows.get(idOf(row));
      for (const { key, held, holders } of indexes) {
        const value = held(row);
        if (before !== undefined && held(before) === value) continue;
        if ((holders.get(value)?.size ?? 0) > 0) return key;
      }
      load(row);
      return undefined;
    },
    load,
    slice: (offset, size) => order.slice(offset, offset + size).map(id => rows.get(id) as T),
    all: () => [...rows.values()],
    count: () => order.length,
  };
};
