import { createHash } from 'node:crypto';
import { AppError } from '#hub/platform/errors.ts';
import { decodeCursor, encodeCursor } from '#hub/platform/http/cursor.ts';
import type { Question } from '#hub/scim/read/read-question.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import { type ScimObject, scimUrns } from '#schemas/scim.ts';

/** A cursor belongs to one question: the same place in another order would lose people. */
const markOf = ({ filter, sortBy, descending }: Question): string =>
  createHash('sha256')
    .update(JSON.stringify([filter ?? null, sortBy?.toLowerCase() ?? null, descending]))
    .digest('base64url')
    .slice(0, 12);

export const writeCursor = (question: Question, place: string[]): string =>
  encodeCursor([markOf(question), ...place]);

/**
 * The place that the question's cursor names; undefined for the first page, or pages by number. A place holds up to
 * three texts.
 *
 * @throws {ScimError} `invalidCursor`
 */
export const readCursor = (question: Question): string[] | undefined => {
  if (!question.cursor) return undefined;
  for (const length of [1, 2, 3]) {
    try {
      const key = decodeCursor(question.cursor, Array(length + 1).fill('string')) as string[];
      if (key[0] === markOf(question)) return key.slice(1);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  throw new ScimError('cursor-wrong');
};

/** A ListResponse, RFC 7644 §3.4.2 and RFC 9865 §2. `next` is the place after the page. */
export const toListResponse = (
  question: Question,
  { items, total, next }: { items: ScimObject[]; total: number; next?: string[] },
): ScimObject => ({
  schemas: [scimUrns.listResponse],
  totalResults: total,
  itemsPerPage: items.length,
  ...(question.cursor === undefined
    ? { startIndex: question.offset + 1 }
    : next === undefined
      ? {}
      : { nextCursor: writeCursor(question, next) }),
  Resources: items,
});
