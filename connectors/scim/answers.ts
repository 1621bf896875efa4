import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { enterpriseSchema, isObject } from './attribute-path.ts';

/** What is read of answers; names are spelled in any case (RFC 7643 §2.1). */
const textNames = [
  ...['id', 'externalId', 'userName', 'displayName', 'title', 'formatted', 'familyName', 'middleName'],
  ...['givenName', 'value', 'type', 'employeeNumber', 'department', 'organization', 'division', 'costCenter'],
  ...['version', 'nextCursor', 'scimType'],
];
const otherNames = [
  ...['active', 'primary', 'supported', 'cursor', 'index', 'schemas', 'meta', 'name', 'emails'],
  ...['phoneNumbers', 'groups', 'totalResults', 'Resources', 'pagination', 'patch', 'maxPageSize'],
  enterpriseSchema,
];
const spellings = new Map([...textNames, ...otherNames].map(name => [name.toLowerCase(), name]));
const texts = new Set(textNames);
const flags = new Set(['active', 'primary', 'supported', 'cursor', 'index']);

/** Deeper than a page of users with their addresses nothing is of interest. */
const maxDepth = 6;

const straightenValue = (name: string, value: unknown): unknown => {
  if (flags.has(name) && typeof value === 'string' && /^(true|false)$/i.test(value))
    return value.toLowerCase() === 'true';
  return texts.has(name) && typeof value === 'number' ? String(value) : value;
};

/**
 * An answer as RFC 7643 spells it: known names in their own case, `"True"` as true, numbers where text belongs
 * as text, nothing that is null (null and absent are one, §2.5). Extensions of vendors stay as they are.
 */
export const straighten = (value: unknown, depth = 0): unknown => {
  if (depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map(item => straighten(item, depth + 1));
  if (!isObject(value)) return value;
  const straight: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null || key === '__proto__') continue;
    const name = spellings.get(key.toLowerCase());
    if (name === undefined) straight[key] = inner;
    else straight[name] = straightenValue(name, straighten(inner, depth + 1));
  }
  return straight;
};

const text = Type.Optional(Type.String());
const flag = Type.Optional(Type.Boolean());
const Entries = Type.Optional(Type.Array(Type.Object({ value: text, type: text, primary: flag })));

/** A user as a provider tells it, straightened. Attributes that we do not know are let through. */
export const ScimUser = Type.Object({
  // Dots alone would climb out of `/Users/`.
  id: Type.String({ minLength: 1, pattern: '^(?!\\.{1,2}$)' }),
  externalId: text,
  userName: text,
  displayName: text,
  title: text,
  active: flag,
  name: Type.Optional(Type.Object({ formatted: text, familyName: text, middleName: text, givenName: text })),
  emails: Entries,
  phoneNumbers: Entries,
  meta: Type.Optional(Type.Object({ version: text })),
  [enterpriseSchema]: Type.Optional(
    Type.Object({
      employeeNumber: text,
      department: text,
      organization: text,
      division: text,
      costCenter: text,
    }),
  ),
});
export type ScimUser = Static<typeof ScimUser>;

/** `totalResults` is not trusted with its type either. */
const List = Type.Object({
  Resources: Type.Optional(Type.Array(ScimUser)),
  totalResults: Type.Optional(Type.Unknown()),
  nextCursor: text,
});
/** What a provider says of itself (RFC 7643 §5, RFC 9865 §4). */
const ProviderConfig = Type.Object({
  patch: Type.Optional(Type.Object({ supported: flag })),
  pagination: Type.Optional(
    Type.Object({ cursor: flag, index: flag, maxPageSize: Type.Optional(Type.Integer()) }),
  ),
});
export type ProviderConfig = Static<typeof ProviderConfig>;

export const checkUser = checkAnswer(ScimUser);
export const checkList = checkAnswer(List);
export const checkProviderConfig = checkAnswer(ProviderConfig);
