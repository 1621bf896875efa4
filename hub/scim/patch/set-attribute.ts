import { isDeepStrictEqual } from 'node:util';
import { matchItem } from '#hub/scim/filter/match-filter.ts';
import type { Filter } from '#hub/scim/filter/parse-filter.ts';
import { coerceItem, coerceList, isNothing } from '#hub/scim/patch/coerce-value.ts';
import type { FoundAttribute } from '#hub/scim/read/find-attribute.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import type { ScimAttribute, ScimObject } from '#schemas/scim.ts';

export type PatchVerb = 'add' | 'replace' | 'remove';

/** What is done to one attribute of a resource. */
export interface Change {
  verb: PatchVerb;
  found: FoundAttribute;
  where?: Filter;
  value: unknown;
}

const same = (a: unknown, b: unknown): boolean => {
  if (isDeepStrictEqual(a, b)) return true;
  const [x, y] = [(a as ScimObject)?.value, (b as ScimObject)?.value];
  return x !== undefined && x === y;
};

/** Of several items one at most is the primary one: the newest wins (RFC 7644 §3.5.2). */
const onePrimary = (list: ScimObject[], touched: unknown[]): ScimObject[] => {
  const primary = touched.findLast(item => (item as ScimObject).primary === true);
  if (primary === undefined) return list;
  return list.map(item => (item === primary || item.primary !== true ? item : { ...item, primary: false }));
};

/** The item that `emails[type eq "work"].value` asks for while there is none: only of the kind that is kept. */
const madeFrom = (attribute: ScimAttribute, where: Filter): ScimObject | undefined => {
  if (!('op' in where) || where.op !== 'eq' || typeof where.value !== 'string') return undefined;
  const part = attribute.subAttributes?.find(({ name }) => name.toLowerCase() === where.path.toLowerCase());
  return part?.name === 'type' && part.canonicalValues?.includes(where.value.toLowerCase())
    ? { type: where.value.toLowerCase() }
    : undefined;
};

const setPart = (item: ScimObject, sub: ScimAttribute, value: unknown, path: string): ScimObject => {
  const { [sub.name]: _before, ...rest } = item;
  return isNothing(value) ? rest : { ...rest, [sub.name]: coerceItem(sub, value, path) };
};

const setItems = (list: ScimObject[], { verb, found, where, value }: Change): ScimObject[] => {
  const { attribute, sub, path } = found;
  const chosen = (item: ScimObject): boolean => where === undefined || matchItem(where, attribute, item);
  if (verb === 'remove') {
    if (sub !== undefined)
      return list
        .map(item => (chosen(item) ? setPart(item, sub, undefined, path) : item))
        .filter(item => Object.keys(item).length > 0);
    // Entra names what to remove by value.
    if (where === undefined && !isNothing(value)) {
      const gone = coerceList(attribute, value, path);
      return list.filter(item => !gone.some(one => same(one, item)));
    }
    return list.filter(item => !chosen(item));
  }
  const change = (item: ScimObject): ScimObject =>
    sub === undefined
      ? { ...item, ...(coerceItem(attribute, value, path) as ScimObject) }
      : setPart(item, sub, value, path);
  if (list.some(chosen)) {
    const touched: ScimObject[] = [];
    const changed = list.map(item => {
      if (!chosen(item)) return item;
      const after = change(item);
      touched.push(after);
      return after;
    });
    return onePrimary(changed, touched);
  }
  const made = where === undefined ? {} : madeFrom(attribute, where);
  if (made === undefined) throw new ScimError('no-target', { path });
  return [...list, change(made)];
};

const setList = (list: unknown[], change: Change): unknown[] => {
  const { verb, found, where, value } = change;
  const { attribute, sub, path } = found;
  if (where !== undefined || sub !== undefined || verb === 'remove')
    return setItems(list as ScimObject[], change);
  const given = coerceList(attribute, value, path);
  if (verb === 'replace') return onePrimary(given as ScimObject[], given);
  const fresh = given.filter(item => !list.some(known => same(known, item)));
  return onePrimary([...list, ...fresh] as ScimObject[], fresh);
};

/**
 * The attributes of one schema after a change of one of them; `add` and `replace` are alike but for lists. Pure.
 *
 * @throws {ScimError} `noTarget`, `invalidValue`, `mutability`
 */
export const setAttribute = (holder: ScimObject, change: Change): ScimObject => {
  const { verb, found, where, value } = change;
  const { attribute, sub, path } = found;
  const { [attribute.name]: before, ...rest } = holder;
  const nothing = verb === 'remove' || isNothing(value);
  if (nothing && sub === undefined && where === undefined && attribute.required)
    throw new ScimError('must-stay', { path });
  const after = (): unknown => {
    if (attribute.multiValued) return setList((before ?? []) as unknown[], change);
    if (where !== undefined) throw new ScimError('path-unreadable', { path });
    if (sub !== undefined)
      return setPart((before ?? {}) as ScimObject, sub, nothing ? undefined : value, path);
    if (nothing) return undefined;
    const given = coerceItem(attribute, value, path);
    return attribute.type === 'complex' ? { ...(before as ScimObject), ...(given as ScimObject) } : given;
  };
  const result = after();
  const empty =
    isNothing(result) || (typeof result === 'object' && Object.keys(result as object).length === 0);
  return empty ? rest : { ...rest, [attribute.name]: result };
};
