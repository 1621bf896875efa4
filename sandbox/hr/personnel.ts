import type { HrPerson } from './hr-person.ts';

/** One line of the change list: the person as they were after it. Its cursor is its place, from 1. */
export interface HrChange {
  id: string;
  at: string;
  person: HrPerson;
}

/** The files of all people, by the software's own id (`NS000001`, in the order of arrival), and what changed. */
export interface Personnel {
  get(id: string): HrPerson | undefined;
  idOf(key: 'code' | 'citizenNumber' | 'account', value: string): string | undefined;
  /** People in the order of their ids, from a place on. */
  slice(from: number, count: number): { id: string; person: HrPerson }[];
  /** The place of an id in that order, or -1. */
  placeOf(id: string): number;
  count(): number;
  newId(): string;
  /** Writes a person without telling it in the change list (account and mail are not HR's own). */
  write(id: string, person: HrPerson): void;
  /** Writes a person and appends to the change list; answers the new cursor. */
  change(change: HrChange): number;
  changesAfter(cursor: number, count: number): HrChange[];
  lastCursor(): number;
}

const uniqueKeys = ['code', 'citizenNumber', 'account'] as const;
const idAt = (place: number): string => `NS${String(place + 1).padStart(6, '0')}`;

export const createPersonnel = (): Personnel => {
  const files: HrPerson[] = [];
  const changes: HrChange[] = [];
  const holders = {
    code: new Map<string, string>(),
    citizenNumber: new Map<string, string>(),
    account: new Map<string, string>(),
  };
  const fold = (value: string | undefined): string => value?.toLowerCase() ?? '';
  const placeOf = (id: string): number => {
    const place = /^NS\d{6,}$/.test(id) ? Number(id.slice(2)) - 1 : -1;
    return place < files.length ? place : -1;
  };
  const write = (id: string, person: HrPerson): void => {
    const known = placeOf(id);
    const before = files[known];
    for (const key of uniqueKeys) {
      if (before !== undefined) holders[key].delete(fold(before[key]));
      if (person[key]) holders[key].set(fold(person[key]), id);
    }
    files[known === -1 ? files.length : known] = person;
  };
  return {
    get: id => files[placeOf(id)],
    idOf: (key, value) => holders[key].get(fold(value)),
    slice: (from, count) =>
      files.slice(from, from + count).map((person, index) => ({ id: idAt(from + index), person })),
    placeOf,
    count: () => files.length,
    newId: () => idAt(files.length),
    write,
    change(change) {
      write(change.id, change.person);
      return changes.push(change);
    },
    changesAfter: (cursor, count) => changes.slice(cursor, cursor + count),
    lastCursor: () => changes.length,
  };
};
