import { ScimError } from '#hub/scim/scim-error.ts';

interface Referring {
  path: string;
  data: unknown;
}

const mark = /bulkId:([^/"\s]+)/;

/** The bulk ids that an operation refers to, in its path or anywhere in its data. Pure. */
export const referencesIn = ({ path, data }: Referring): string[] => {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      const id = mark.exec(value)?.[1];
      if (id !== undefined && value.startsWith('bulkId:')) found.push(id);
    } else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) look(inner);
  };
  look(data);
  const inPath = mark.exec(path)?.[1];
  return inPath === undefined ? found : [...found, inPath];
};

/**
 * The operation with ids in place of its references. Pure.
 *
 * @throws {ScimError} 409 for a reference that leads nowhere
 */
export const resolveReferences = <T extends Referring>(
  operation: T,
  done: ReadonlyMap<string, string | null>,
): T => {
  const idOf = (bulkId: string): string => {
    const id = done.get(bulkId);
    if (id === undefined || id === null) throw new ScimError('reference-unresolved', { bulkId });
    return id;
  };
  const resolve = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.startsWith('bulkId:') ? idOf(value.slice('bulkId:'.length)) : value;
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
    return value;
  };
  return {
    ...operation,
    path: operation.path.replace(mark, (_whole, bulkId: string) => idOf(bulkId)),
    data: resolve(operation.data),
  };
};
