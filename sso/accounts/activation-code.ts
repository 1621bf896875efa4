import { randomInt } from 'node:crypto';
import type { Secrets } from '#hub/platform/secrets.ts';

/** No 0 and O, 1, I and L, and no U, which is read as V: a code is copied from paper. */
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;

/** A code of 8 characters, 6.5 × 10¹¹ different ones. */
export const makeCode = (): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('');

/** As it is shown: `ABCD-2345`. */
export const showCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

/** A code as people type it: blanks, hyphens and case do not matter. */
const cleanCode = (typed: string): string => typed.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** What is kept of a code: it is of this person, and useless without the master key. */
export const hashCode = (secrets: Secrets, staffId: string, typed: string): Buffer =>
  secrets.keyedHash('activation-code', `${staffId}:${cleanCode(typed)}`);
