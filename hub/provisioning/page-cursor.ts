import { AppError } from '#hub/platform/errors.ts';

/** An opaque cursor around the place where a page ended. */
export const writeCursor = (place: unknown): string =>
  Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');

/** The place, or `invalid-request` for a cursor that we never gave out. `keys` are texts that it must have. */
export const readCursor = <K extends string>(
  cursor: string | undefined,
  keys: readonly K[],
): Record<K, string> | undefined => {
  if (cursor === undefined) return undefined;
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as Record<K, string>;
    if (keys.every(key => typeof place[key] === 'string')) return place;
  } catch {
    // falls through to the one answer for every broken cursor
  }
  throw new AppError('invalid-request', {}, { faults: [{ pointer: '/cursor', code: 'cursor' }] });
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A UUID, or the error that the caller names; PostgreSQL would answer with an error of its own. */
export const isUuid = (text: string): boolean => uuid.test(text);
