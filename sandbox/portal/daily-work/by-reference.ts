import type { AppAnswer } from '#sandbox/kit/app-server.ts';
import type { Rule } from '#sandbox/kit/rules.ts';
import type { WorkTable } from '#sandbox/kit/work-tables.ts';
import { error, invalid } from '#sandbox/portal/error.ts';

export interface ReferencedRow {
  id: string;
  /** The hub's id; null until it gives one. */
  reference: string | null;
}

/** Rows that the hub writes under a reference of its own; the portal's id goes by another name outside. */
export const createByReference = <T extends ReferencedRow>(given: {
  table: WorkTable<T>;
  prefix: string;
  /** What the portal calls its own id. */
  idName: string;
  blank: Omit<T, 'id'>;
  rules: Record<string, Rule>;
}) => {
  const { table, prefix, idName, blank, rules } = given;
  const show = (row: T): object => {
    const { id, ...fields } = row;
    return { [idName]: id, ...fields };
  };
  const save = (row: T): AppAnswer => {
    const values = row as Record<string, unknown>;
    const field = Object.keys(rules).find(name => !rules[name]!(values[name]));
    return field === undefined ? { json: show(table.save(row)) } : invalid(field);
  };
  const known = (body: Record<string, unknown>): Partial<T> =>
    Object.fromEntries(Object.entries(body).filter(([name]) => Object.hasOwn(rules, name))) as Partial<T>;
  const make = (): T => ({ id: table.freeId(prefix), ...blank }) as unknown as T;
  const find = (reference: string): T | undefined => table.find(row => row.reference === reference);
  return {
    show,
    save,
    find,
    /** By the reference, else by the portal's id, else anew. */
    put(reference: string, body: Record<string, unknown>): AppAnswer {
      const own = body[idName];
      const byId = typeof own === 'string' ? table.get(own) : undefined;
      if (find(reference) === undefined && byId !== undefined && byId.reference !== null)
        return error(409, 'reference_taken', 'Đã có mã liên thông khác');
      return save({ ...(find(reference) ?? byId ?? make()), ...known(body), reference });
    },
    byHand(values: Record<string, unknown>): T {
      const before = typeof values.id === 'string' ? table.get(values.id) : undefined;
      return table.save({ ...(before ?? make()), ...known(values) });
    },
  };
};
