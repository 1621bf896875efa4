/** RFC 7643 §4.1 and §4.3. */
export const coreSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** One attribute of a resource (RFC 7644 §3.10); `schema` is absent for those of the core. */
export interface AttributePath {
  schema?: string;
  attribute: string;
  sub?: string;
}
export type Resource = Record<string, unknown>;

const pattern = /^(?:(urn:[^\s"[\]]+):)?([a-z][\w-]*)(?:\.([a-z][\w-]*))?$/i;
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `title`, `name.givenName`, `urn:…:User:department`; undefined when it is no such path. */
export const parsePath = (text: string): AttributePath | undefined => {
  const [whole, schema, attribute, sub] = pattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return {
    ...(schema === undefined || same(schema, coreSchema) ? {} : { schema }),
    attribute: attribute as string,
    ...(sub === undefined ? {} : { sub }),
  };
};

export const formatPath = ({ schema, attribute, sub }: AttributePath): string =>
  `${schema === undefined ? '' : `${schema}:`}${attribute}${sub === undefined ? '' : `.${sub}`}`;

export const isObject = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name under which a resource has an attribute: names are compared without regard to case (§2.1). */
const nameIn = (resource: Resource, name: string): string =>
  Object.hasOwn(resource, name) ? name : (Object.keys(resource).find(key => same(key, name)) ?? name);

const stepsOf = ({ schema, attribute, sub }: AttributePath): string[] =>
  [schema, attribute, sub].filter(step => step !== undefined);

export const readPath = (resource: Resource, path: AttributePath): unknown =>
  stepsOf(path).reduce<unknown>((value, step) => {
    if (!isObject(value)) return undefined;
    const name = nameIn(value, step);
    return Object.hasOwn(value, name) ? value[name] : undefined;
  }, resource);

/** Puts a value into the resource itself; undefined takes the attribute out. */
export const writePath = (resource: Resource, path: AttributePath, value: unknown): void => {
  const steps = stepsOf(path);
  let at = resource;
  for (const step of steps.slice(0, -1)) {
    const name = nameIn(at, step);
    const inner = Object.hasOwn(at, name) ? at[name] : undefined;
    if (!isObject(inner) && value === undefined) return;
    const next = isObject(inner) ? inner : {};
    at[name] = next;
    at = next;
  }
  const name = nameIn(at, steps.at(-1) as string);
  if (value === undefined) delete at[name];
  else at[name] = value;
};
