import { isDeepStrictEqual } from 'node:util';
import type { Filter } from '#hub/scim/filter/parse-filter.ts';
import { parsePath } from '#hub/scim/filter/parse-filter.ts';
import { isNothing } from '#hub/scim/patch/coerce-value.ts';
import { type PatchVerb, setAttribute } from '#hub/scim/patch/set-attribute.ts';
import { type FoundAttribute, findAttribute, splitUrn } from '#hub/scim/read/find-attribute.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import { type ScimObject, type ScimSchema, scimUrns } from '#schemas/scim.ts';
import { passedOver } from '#schemas/scim-schemas.ts';

/** Whose resource is changed: all attributes that there are, and those that the client may see. */
export interface Ground {
  schemas: ScimSchema[];
  seen: ScimSchema[];
}

const isObject = (value: unknown): value is ScimObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A property of a message, its name in any case. */
export const property = (message: ScimObject, name: string): unknown =>
  Object.entries(message).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/**
 * The body, whose address says what it is: some clients leave `schemas` out, though RFC 7643 §3 wants it.
 *
 * @throws {ScimError} `invalidSyntax` when it names other schemas only, or is no object
 */
export const requireSchema = (body: unknown, urn: string): ScimObject => {
  const named = isObject(body) ? (property(body, 'schemas') ?? [urn]) : undefined;
  const has = Array.isArray(named) && named.some(one => String(one).toLowerCase() === urn.toLowerCase());
  if (!isObject(body) || !has) throw new ScimError('syntax', { what: `schemas: ["${urn}"]` });
  return body;
};

const holderOf = (resource: ScimObject, { urn }: FoundAttribute): ScimObject =>
  urn === undefined ? resource : ((resource[urn] ?? {}) as ScimObject);

const put = (
  resource: ScimObject,
  change: { verb: PatchVerb; found: FoundAttribute; where?: Filter; value: unknown },
  { seen }: Ground,
): ScimObject => {
  const { found } = change;
  if (findAttribute(seen, found.path) === undefined)
    throw new ScimError('not-entitled', { path: found.path });
  const after = setAttribute(holderOf(resource, found), change);
  return found.urn === undefined ? after : { ...resource, [found.urn]: after };
};

const isReadOnly = ({ attribute, sub }: FoundAttribute): boolean =>
  attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly';

/** Everybody has it: to take it away would change nothing. @throws {ScimError} `mutability` */
const requireKept = ({ attribute, sub, path }: FoundAttribute, verb: PatchVerb, value: unknown): void => {
  if ((sub ?? attribute).kept && (verb === 'remove' || isNothing(value)))
    throw new ScimError('must-stay', { path });
};

const isPassedOver = (schemas: ScimSchema[], path: string): boolean =>
  passedOver.has((splitUrn(schemas, path).rest.split('.')[0] ?? '').toLowerCase());

/**
 * Takes over the attributes of an object: names in any case, with dots (`name.givenName`) or their schema's URN in
 * front, extensions as objects. Unknown ones are passed over. What is read-only or not to be seen is passed over too, or
 * (`strict`) a fault unless, read-only, it says what is already so. Pure.
 */
export const mergeAttributes = (
  resource: ScimObject,
  value: ScimObject,
  { verb, strict }: { verb: 'add' | 'replace'; strict: boolean },
  ground: Ground,
): ScimObject => {
  let after = resource;
  for (const [key, inner] of Object.entries(value)) {
    const { schema, rest } = splitUrn(ground.schemas, key);
    if (schema !== undefined && rest === '') {
      if (!isObject(inner)) throw new ScimError('value-wrong', { path: schema.id });
      const own = schema === ground.schemas[0];
      const named = Object.entries(inner).map(([name, part]) => [own ? name : `${schema.id}:${name}`, part]);
      after = mergeAttributes(after, Object.fromEntries(named), { verb, strict }, ground);
      continue;
    }
    const found = findAttribute(ground.schemas, key);
    if (found === undefined) continue;
    if (isReadOnly(found)) {
      const known = holderOf(after, found)[found.attribute.name];
      if (strict && found.attribute.name !== 'schemas' && !isDeepStrictEqual(known, inner))
        throw new ScimError('read-only', { path: found.path });
      continue;
    }
    if (strict) requireKept(found, verb, inner);
    else if (findAttribute(ground.seen, found.path) === undefined) continue;
    after = put(after, { verb, found, value: inner }, ground);
  }
  return after;
};

const verbOf = (op: unknown): PatchVerb => {
  const verb = typeof op === 'string' ? op.toLowerCase() : '';
  if (verb === 'add' || verb === 'replace' || verb === 'remove') return verb;
  throw new ScimError('syntax', { what: 'op: add, replace, remove' });
};

const applyOne = (resource: ScimObject, operation: unknown, ground: Ground): ScimObject => {
  if (!isObject(operation)) throw new ScimError('syntax', { what: 'Operations: [{ op, path, value }]' });
  const verb = verbOf(property(operation, 'op'));
  const path = property(operation, 'path');
  const value = property(operation, 'value');
  if (verb !== 'remove' && value === undefined) throw new ScimError('value-missing', { path: 'value' });
  if (path === undefined || path === null || path === '') {
    if (verb === 'remove') throw new ScimError('no-target', { path: '' });
    if (!isObject(value)) throw new ScimError('value-wrong', { path: 'value' });
    return mergeAttributes(resource, value, { verb, strict: true }, ground);
  }
  if (typeof path !== 'string') throw new ScimError('path-unreadable', { path: JSON.stringify(path) });
  const parsed = parsePath(path);
  const { schema, rest } = splitUrn(ground.schemas, parsed.path);
  if (schema !== undefined && rest === '') {
    // Of every schema something must stay.
    if (verb === 'remove') throw new ScimError('must-stay', { path: schema.id });
    if (isObject(value))
      return mergeAttributes(resource, { [schema.id]: value }, { verb, strict: true }, ground);
  }
  const whole = parsed.sub === undefined ? parsed.path : `${parsed.path}.${parsed.sub}`;
  const found = findAttribute(ground.schemas, whole);
  if (found === undefined) {
    if (isPassedOver(ground.schemas, whole)) return resource;
    throw new ScimError('path-unknown', { path });
  }
  if (isReadOnly(found)) throw new ScimError('read-only', { path: found.path });
  requireKept(found, verb, value);
  return put(
    resource,
    { verb, found, value, ...(parsed.where === undefined ? {} : { where: parsed.where }) },
    ground,
  );
};

/**
 * A resource after a PatchOp (RFC 7644 §3.5.2): its operations in order, all or none. Pure.
 *
 * @throws {ScimError} of the first operation that cannot be
 */
export const applyPatch = (resource: ScimObject, body: unknown, ground: Ground): ScimObject => {
  const operations = property(requireSchema(body, scimUrns.patchOp), 'Operations');
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimError('syntax', { what: 'Operations: [{ op, path, value }]' });
  return operations.reduce<ScimObject>((after, operation) => applyOne(after, operation, ground), resource);
};
