import {
  type AttributePath,
  coreSchema,
  formatPath,
  isObject,
  type Resource,
  readPath,
  writePath,
} from './attribute-path.ts';
import { ourEntry, type WantedValue } from './mapping.ts';

/** RFC 7644 §3.5.2. */
export type Operation = { op: 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

export interface UserChange {
  /** The user with everything in it, for POST and PUT. */
  resource: Resource;
  /** What differs, for PATCH; empty when all is as wanted. */
  operations: Operation[];
}

/** The list with our entry set, added or taken out; entries of other types stay. Undefined when none is left. */
const changeList = (before: unknown, value: unknown, type: string): unknown[] | undefined => {
  const entries = (Array.isArray(before) ? before.filter(isObject) : []) as Resource[];
  const at = ourEntry(entries, type);
  if (value === undefined) {
    const left = entries.filter((_entry, index) => index !== at);
    return left.length === 0 ? undefined : left;
  }
  if (at !== -1) return entries.map((entry, index) => (index === at ? { ...entry, value } : entry));
  // At most one entry is the primary one (RFC 7643 §2.4).
  const primary = !entries.some(entry => entry.primary === true);
  return [...entries, { value, type, ...(primary ? { primary } : {}) }];
};

/** Values in one spelling; an empty text or list is what some providers keep for "nothing". */
const comparable = (value: unknown, ignoreCase = false): string | undefined => {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
  const text = JSON.stringify(value);
  return ignoreCase ? text?.toLowerCase() : text;
};

/** `meta` and `groups` are the provider's own: a PUT does not hand them back. */
const readOnly: AttributePath[] = [{ attribute: 'meta' }, { attribute: 'groups' }];

/** Every extension that the resource carries is named in `schemas` (RFC 7643 §3). */
const nameSchemas = (resource: Resource): string[] => {
  const before = Array.isArray(resource.schemas) ? (resource.schemas as string[]) : [coreSchema];
  const known = new Set(before.map(schema => String(schema).toLowerCase()));
  const more = Object.keys(resource).filter(key => /^urn:/i.test(key) && !known.has(key.toLowerCase()));
  return [...before, ...more];
};

/** Pure: the user as it is (absent: a new one) and what is wanted → what has to be written. */
export const changeUser = (before: Resource | undefined, wanted: readonly WantedValue[]): UserChange => {
  const resource: Resource = structuredClone(before ?? {});
  const operations: Operation[] = [];
  for (const { path, value, type, ignoreCase } of wanted) {
    const has = readPath(resource, path);
    const should = type === undefined ? value : changeList(has, value, type);
    if (comparable(has, ignoreCase) === comparable(should, ignoreCase)) continue;
    writePath(resource, path, should);
    const name = formatPath(path);
    operations.push(
      should === undefined ? { op: 'remove', path: name } : { op: 'replace', path: name, value: should },
    );
  }
  for (const path of readOnly) writePath(resource, path, undefined);
  resource.schemas = nameSchemas(resource);
  return { resource, operations };
};
