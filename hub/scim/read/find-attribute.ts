import type { ScimAttribute, ScimObject, ScimSchema } from '#schemas/scim.ts';
import { commonAttributes } from '#schemas/scim-schemas.ts';

/** An attribute that a path names. `urn` is given for those of extensions; `path` is the path in its proper spelling. */
export interface FoundAttribute {
  urn?: string;
  attribute: ScimAttribute;
  sub?: ScimAttribute;
  path: string;
}

const named = (attributes: ScimAttribute[], name: string): ScimAttribute | undefined =>
  attributes.find(attribute => attribute.name.toLowerCase() === name.toLowerCase());

/** The schema whose URN a path begins with, and what is left of the path. Names are read in any case. */
export const splitUrn = (
  schemas: ScimSchema[],
  path: string,
): { schema: ScimSchema | undefined; rest: string } => {
  const lower = path.toLowerCase();
  for (const schema of schemas) {
    const urn = schema.id.toLowerCase();
    if (lower === urn) return { schema, rest: '' };
    if (lower.startsWith(`${urn}:`) || lower.startsWith(`${urn}.`))
      return { schema, rest: path.slice(urn.length + 1) };
  }
  return { schema: undefined, rest: path };
};

/**
 * What `userName`, `name.givenName` or a path with its schema's URN in front means; undefined when there is no such
 * attribute. The first schema is the resource's own, to which the common attributes belong. Pure.
 */
export const findAttribute = (schemas: ScimSchema[], path: string): FoundAttribute | undefined => {
  const { schema, rest } = splitUrn(schemas, path);
  const core = schemas[0]!;
  const own = schema === undefined || schema === core;
  const [name = '', subName, ...more] = rest.split('.');
  const attribute = named(own ? [...commonAttributes, ...core.attributes] : schema.attributes, name);
  if (attribute === undefined || more.length > 0) return undefined;
  const prefix = own ? '' : `${schema.id}:`;
  const found = { ...(own ? {} : { urn: schema.id }), attribute, path: prefix + attribute.name };
  if (subName === undefined) return found;
  const sub = named(attribute.subAttributes ?? [], subName);
  return sub === undefined ? undefined : { ...found, sub, path: `${found.path}.${sub.name}` };
};

/** The schemas as somebody may see them who is entitled to these attributes of the register; undefined: to all. */
export const entitledSchemas = (
  schemas: ScimSchema[],
  names: ReadonlySet<string> | undefined,
): ScimSchema[] => {
  if (names === undefined) return schemas;
  const seen = (attributes: ScimAttribute[]): ScimAttribute[] =>
    attributes
      .filter(({ needs }) => needs === undefined || needs.some(name => names.has(name)))
      .map(attribute =>
        attribute.subAttributes === undefined
          ? attribute
          : { ...attribute, subAttributes: seen(attribute.subAttributes) },
      );
  return schemas.map(schema => ({ ...schema, attributes: seen(schema.attributes) }));
};

const keepOf = (value: unknown, attribute: ScimAttribute): unknown => {
  const { subAttributes } = attribute;
  if (subAttributes === undefined) return value;
  const one = (item: unknown): ScimObject =>
    Object.fromEntries(
      Object.entries(item as ScimObject).filter(
        ([name, inner]) => inner !== undefined && subAttributes.some(part => part.name === name),
      ),
    );
  return Array.isArray(value) ? value.map(one) : one(value);
};

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** Of a resource what these schemas have: attributes that they lack, and empty ones, are absent. Pure. */
export const keepAttributes = (resource: ScimObject, schemas: ScimSchema[]): ScimObject => {
  const keep = (from: ScimObject, attributes: ScimAttribute[]): ScimObject => {
    const kept: ScimObject = {};
    for (const attribute of attributes) {
      if (isEmpty(from[attribute.name])) continue;
      const value = keepOf(from[attribute.name], attribute);
      if (!isEmpty(value)) kept[attribute.name] = value;
    }
    return kept;
  };
  const [core, ...extensions] = schemas;
  const kept = keep(resource, [...commonAttributes, ...core!.attributes]);
  for (const { id, attributes } of extensions) {
    const part = keep((resource[id] ?? {}) as ScimObject, attributes);
    if (Object.keys(part).length > 0) kept[id] = part;
  }
  return kept;
};
