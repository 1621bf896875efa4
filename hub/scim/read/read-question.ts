import { ScimError } from '#hub/scim/scim-error.ts';
import { type ScimQuestion, scimLimits } from '#schemas/scim.ts';

/** Which attributes of each resource are wanted (RFC 7644 §3.9). */
export interface Wanted {
  attributes: string[] | undefined;
  excluded: string[];
}

/** A question as it was put: in the address or in the body of `.search`. */
export interface Question extends Wanted {
  filter: string | undefined;
  sortBy: string | undefined;
  descending: boolean;
  /** 0-based. */
  offset: number;
  count: number;
  /** Undefined: pages by number. Empty: the first page by cursor. */
  cursor: string | undefined;
}

const namesOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');

const integer = (name: string, text: string): number => {
  if (!/^[+-]?\d{1,9}$/.test(text)) throw new ScimError('value-wrong', { path: name });
  return Number(text);
};

/** @throws {ScimError} `invalidValue` when attributes are named both ways */
export const readWanted = (query: ScimQuestion): Wanted => {
  const attributes = namesOf(query.attributes);
  const excluded = namesOf(query.excludedAttributes);
  if (attributes.length > 0 && excluded.length > 0) throw new ScimError('attributes-both-ways');
  return { attributes: attributes.length === 0 ? undefined : attributes, excluded };
};

/**
 * Reads paging, order and attributes. By number, what is out of bounds is brought within them (RFC 7644 §3.4.2.4);
 * by cursor, it is a fault (RFC 9865 §4).
 *
 * @throws {ScimError}
 */
export const readQuestion = (query: ScimQuestion): Question => {
  const { cursor, filter, sortBy } = query;
  const { pageSize, maxPageSize } = scimLimits;
  const count = query.count === undefined || query.count === '' ? pageSize : integer('count', query.count);
  if (cursor !== undefined) {
    if (query.startIndex !== undefined) throw new ScimError('cursor-wrong');
    if (count < 1 || count > maxPageSize) throw new ScimError('count-wrong', { max: maxPageSize });
  }
  const order = (query.sortOrder || 'ascending').toLowerCase();
  if (order !== 'ascending' && order !== 'descending')
    throw new ScimError('value-wrong', { path: 'sortOrder' });
  const startIndex = query.startIndex ? integer('startIndex', query.startIndex) : 1;
  return {
    ...readWanted(query),
    filter: filter === undefined || filter.trim() === '' ? undefined : filter,
    sortBy: sortBy || undefined,
    descending: order === 'descending',
    offset: Math.max(startIndex, 1) - 1,
    count: Math.min(Math.max(count, 0), maxPageSize),
    cursor,
  };
};

/** The body of `.search` (RFC 7644 §3.4.3) in the form of an address: names in any case, lists joined. */
export const readSearchBody = (body: unknown): ScimQuestion => {
  const names = new Map(
    ['filter sortBy sortOrder startIndex count cursor attributes excludedAttributes'.split(' ')].flatMap(
      list => list.map(name => [name.toLowerCase(), name]),
    ),
  );
  return Object.fromEntries(
    Object.entries(body as object).flatMap(([key, value]) => {
      const name = names.get(key.toLowerCase());
      if (name === undefined || value === null) return [];
      const isList = name === 'attributes' || name === 'excludedAttributes';
      if (Array.isArray(value) && isList) return [[name, value.join(',')]];
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new ScimError('value-wrong', { path: name });
      return [[name, String(value)]];
    }),
  );
};
