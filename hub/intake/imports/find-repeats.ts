import { createHash } from 'node:crypto';
import type { RowError, RowRecord } from '#hub/intake/imports/row-to-record.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { HrRecord } from '#schemas/hr-record.ts';

interface Seen {
  row: number;
  name: string;
  born: string;
}

const bornOf = ({ birthDate, birthYear }: HrRecord): string =>
  birthDate?.split('-').reverse().join('/') ?? String(birthYear ?? '');

const explain = (by: 'code' | 'citizenNumber', first: Seen, record: HrRecord): RowError => {
  const born = bornOf(record);
  const isOther =
    fold(first.name) !== fold(record.name) || (first.born !== '' && born !== '' && first.born !== born);
  if (!isOther) return { code: 'duplicate-in-file', params: { row: first.row } };
  const holder = first.born === '' ? first.name : `${first.name}, ${first.born}`;
  return by === 'code'
    ? { code: 'code-twice-in-file', field: 'code', params: { row: first.row, holder, code: record.code! } }
    : { code: 'citizen-number-twice-in-file', field: 'citizenNumber', params: { row: first.row, holder } };
};

/**
 * Remembers who was in the file already. A second row about the same person is refused and names the first; one about
 * somebody else who bears a number of the first says so, because leaving it out would lose a person.
 */
export const findRepeats = () => {
  const seen = new Map<string, Seen>();
  // Digests: a long file's citizen numbers are not kept in memory in the clear.
  const keyOf = (kind: string, value: string): string =>
    createHash('sha256').update(`${kind}:${value}`).digest('base64url').slice(0, 16);
  return {
    check(row: number, result: RowRecord): RowRecord {
      if (!('record' in result)) return result;
      const { record, ...rest } = result;
      const keys = (['citizenNumber', 'code'] as const).flatMap(by =>
        record[by] === undefined ? [] : [{ by, key: keyOf(by, record[by]) }],
      );
      const repeated = keys.find(({ key }) => seen.has(key));
      if (repeated !== undefined)
        return { ...rest, errors: [explain(repeated.by, seen.get(repeated.key)!, record)] };
      for (const { key } of keys) seen.set(key, { row, name: record.name, born: bornOf(record) });
      return result;
    },
  };
};
