import { AppError } from '#hub/platform/errors.ts';

/** One page of a list; `next` is there when more follows. */
export interface Page<T> {
  items: T[];
  next?: string;
}

/** An opaque page cursor from the sort key of the last item. */
export const encodeCursor = (key: (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The sort key in a cursor, or undefined without one. `types` says what the key is made of (numbers are integers).
 *
 * @throws {AppError} `invalid-request` when it is not one of ours
 */
export const decodeCursor = (
  cursor: string | undefined,
  types: ('string' | 'number')[],
): (string | number)[] | undefined => {
  if (cursor === undefined || cursor === '') return undefined;
  try {
    const key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const fits = (part: unknown, type: string): boolean =>
      type === 'number' ? Number.isSafeInteger(part) : typeof part === 'string' && !part.includes('\0');
    if (Array.isArray(key) && key.length === types.length && types.every((type, i) => fits(key[i], type)))
      return key;
  } catch {
    // Not JSON: told below like any other wrong cursor.
  }
  throw new AppError('invalid-request', {}, { faults: [{ pointer: '/cursor', code: 'bad-cursor' }] });
};

/** Makes a page from up to `limit + 1` rows: the row too many only tells that more follows. */
export const toPage = <T>(rows: T[], limit: number, keyOf: (row: T) => (string | number)[]): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: encodeCursor(keyOf(last)) } : { items };
};
