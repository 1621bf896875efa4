import { openJournal } from './journal.ts';

/** A row of a table with the running number of its last change, as the app's lists tell it. */
export interface WorkRow<T> {
  row: T;
  change: number;
  at: string;
  madeAt: string;
}
export interface WorkTable<T extends { id: string }> {
  get(id: string): T | undefined;
  find(wanted: (row: T) => boolean): T | undefined;
  all(): T[];
  /** Writes a row; one that says nothing new stays where it was among the changes. */
  save(row: T): T;
  /** The least free id of this beginning: `CV1`, `CV2`… */
  freeId(prefix: string): string;
  /** Rows changed after a number, oldest change first; only those wanted. */
  after(change: number, size: number, wanted?: (row: T) => boolean): { found: WorkRow<T>[]; more: boolean };
}

interface Line {
  table: string;
  row: { id: string };
  at: string;
}

/** Tables of a sandbox app that remember the order of changes, kept across restarts in one file. */
export const openWorkTables = (file?: string) => {
  const tables = new Map<string, Map<string, WorkRow<{ id: string }>>>();
  let changes = 0;
  const rowsOf = (table: string) => {
    const rows = tables.get(table) ?? new Map<string, WorkRow<{ id: string }>>();
    tables.set(table, rows);
    return rows;
  };
  const put = ({ table, row, at }: Line): void => {
    changes += 1;
    const rows = rowsOf(table);
    // Taken out first, so that the map's order is that of the changes.
    const madeAt = rows.get(row.id)?.madeAt ?? at;
    rows.delete(row.id);
    rows.set(row.id, { row, change: changes, at, madeAt });
  };
  const keep = openJournal<Line>(file, put);

  return {
    table<T extends { id: string }>(name: string): WorkTable<T> {
      const rows = rowsOf(name) as unknown as Map<string, WorkRow<T>>;
      const all = () => [...rows.values()].map(({ row }) => row);
      return {
        get: id => rows.get(id)?.row,
        find: wanted => all().find(wanted),
        all,
        save(row) {
          const before = rows.get(row.id);
          if (before !== undefined && JSON.stringify(before.row) === JSON.stringify(row)) return before.row;
          const line = { table: name, row, at: new Date().toISOString() };
          put(line);
          keep(line);
          return row;
        },
        freeId(prefix) {
          let number = rows.size + 1;
          while (rows.has(`${prefix}${number}`)) number += 1;
          return `${prefix}${number}`;
        },
        after(change, size, wanted = () => true) {
          const later = [...rows.values()].filter(one => one.change > change && wanted(one.row));
          return { found: later.slice(0, size), more: later.length > size };
        },
      };
    },
    /** For `GET /_state/<table>`. */
    state: (name: string): object[] | undefined => {
      const rows = tables.get(name);
      return rows === undefined ? undefined : [...rows.values()].map(({ row }) => row);
    },
  };
};
export type WorkTables = ReturnType<typeof openWorkTables>;
