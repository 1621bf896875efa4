import { findAttribute, splitUrn } from '#hub/scim/read/find-attribute.ts';
import type { Wanted } from '#hub/scim/read/read-question.ts';
import type { ScimAttribute, ScimObject, ScimSchema } from '#schemas/scim.ts';
import { commonAttributes } from '#schemas/scim-schemas.ts';

type Has = (path: string) => boolean;

const key = (path: string): string => path.toLowerCase();

/** Whether names choose an attribute itself, the extension it lies in, or (`part`) one of its parts. */
const choose = (names: string[], schemas: ScimSchema[]): { whole: Has; part: Has } => {
  const paths = new Set<string>();
  for (const name of names) {
    const found = findAttribute(schemas, name);
    const { schema, rest } = splitUrn(schemas, name);
    if (found !== undefined) paths.add(key(found.path));
    else if (schema !== undefined && rest === '')
      for (const attribute of schema.attributes)
        paths.add(key(schema === schemas[0] ? attribute.name : `${schema.id}:${attribute.name}`));
  }
  return {
    whole: path => paths.has(key(path)),
    part: path => [...paths].some(one => one.startsWith(`${key(path)}.`)),
  };
};

const projectValue = (value: unknown, attribute: ScimAttribute, path: string, keep: Has): unknown => {
  const one = (item: unknown): ScimObject =>
    Object.fromEntries(Object.entries(item as ScimObject).filter(([name]) => keep(`${path}.${name}`)));
  if (attribute.subAttributes === undefined) return value;
  return Array.isArray(value) ? value.map(one) : one(value);
};

/**
 * Of a resource what is wanted: the attributes named, or all but those excluded and those only told when asked for.
 * What is always returned stays. Names that mean nothing are passed over. Pure.
 */
export const project = (
  resource: ScimObject,
  { attributes, excluded }: Wanted,
  schemas: ScimSchema[],
): ScimObject => {
  // What is only told when asked for is not read otherwise.
  if (attributes === undefined && excluded.length === 0) return resource;
  const wanted = choose(attributes ?? [], schemas);
  const left = choose(excluded, schemas);
  const project = (from: ScimObject, list: ScimAttribute[], prefix: string): ScimObject => {
    const kept: ScimObject = {};
    for (const attribute of list) {
      const path = prefix + attribute.name;
      const value = from[attribute.name];
      if (value === undefined) continue;
      if (attribute.returned === 'always') kept[attribute.name] = value;
      else if (attributes === undefined) {
        if (left.whole(path)) continue;
        kept[attribute.name] = left.part(path)
          ? projectValue(value, attribute, path, part => !left.whole(part))
          : value;
      } else if (wanted.whole(path)) kept[attribute.name] = value;
      else if (wanted.part(path)) kept[attribute.name] = projectValue(value, attribute, path, wanted.whole);
    }
    return kept;
  };
  const [core, ...extensions] = schemas;
  const kept = project(resource, [...commonAttributes, ...core!.attributes], '');
  for (const { id, attributes: list } of extensions) {
    if (resource[id] === undefined) continue;
    const part = project(resource[id] as ScimObject, list, `${id}:`);
    if (Object.keys(part).length > 0) kept[id] = part;
  }
  return kept;
};

/** Whether an attribute that is only told when asked for is asked for, itself or a part of it. */
export const isAskedFor = (path: string, { attributes }: Wanted, schemas: ScimSchema[]): boolean => {
  const wanted = choose(attributes ?? [], schemas);
  return wanted.whole(path) || wanted.part(path);
};
