import { createHash } from 'node:crypto';
import type { RowRecord } from '#hub/intake/imports/row-to-record.ts';

/** Remembers who was in the file already; a second row about the same person is refused and names the first. */
export const findRepeats = () => {
  const seen = new Map<string, number>();
  // Digests: a long file's citizen numbers are not kept in memory in the clear.
  const keyOf = (kind: string, value: string): string =>
    createHash('sha256').update(`${kind}:${value}`).digest('base64url').slice(0, 16);
  return {
    check(row: number, result: RowRecord): RowRecord {
      if (!('record' in result)) return result;
      const { citizenNumber, code } = result.record;
      const keys = [
        ...(citizenNumber === undefined ? [] : [keyOf('citizen', citizenNumber)]),
        ...(code === undefined ? [] : [keyOf('code', code)]),
      ];
      const first = keys.map(key => seen.get(key)).find(found => found !== undefined);
      if (first !== undefined)
        return { errors: [{ code: 'duplicate-in-file', params: { row: first } }], flags: result.flags };
      for (const key of keys) seen.set(key, row);
      return result;
    },
  };
};
