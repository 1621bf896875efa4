import type { Filter, FilterValue, Operator } from '#hub/scim/filter/parse-filter.ts';
import { findAttribute } from '#hub/scim/read/find-attribute.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import type { ScimAttribute, ScimObject, ScimSchema } from '#schemas/scim.ts';

/** What a path means in the thing looked at: the attribute with its items, and what of them is compared. */
interface Seen {
  attribute: ScimAttribute;
  items: unknown[];
  compared: ScimAttribute;
  values: unknown[];
}
type Look = (path: string) => Seen;

const vietnamese = new Intl.Collator('vi');

const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

export const unsupportedFilter = (what: string): ScimError => new ScimError('filter-unsupported', { what });

const order = (a: unknown, b: unknown): number =>
  typeof a === 'string' ? vietnamese.compare(a, String(b)) : Number(a) - Number(b);

const compare = (held: unknown, op: Operator, given: FilterValue, exact: boolean): boolean => {
  if (typeof held !== typeof given) return op === 'ne';
  const fold = (value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const composed = value.normalize('NFC');
    return exact ? composed : composed.toLowerCase();
  };
  const [a, b] = [fold(held), fold(given)];
  if (op === 'eq') return a === b;
  if (op === 'ne') return a !== b;
  if (op === 'gt') return order(a, b) > 0;
  if (op === 'ge') return order(a, b) >= 0;
  if (op === 'lt') return order(a, b) < 0;
  if (op === 'le') return order(a, b) <= 0;
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  return op === 'co' ? a.includes(b) : op === 'sw' ? a.startsWith(b) : a.endsWith(b);
};

/** Whether one text satisfies a comparison, by the rules of its attribute. Pure. */
export const matchText = (
  held: string | undefined,
  op: Operator,
  value: FilterValue,
  exact: boolean,
): boolean => (held === undefined ? op === 'ne' : compare(held, op, value, exact));

/** A value of a comparison in the type of its attribute: some clients send truth as text. */
export const valueFor = (attribute: ScimAttribute, value: FilterValue): FilterValue =>
  attribute.type === 'boolean' && typeof value === 'string' && /^(true|false)$/i.test(value)
    ? value.toLowerCase() === 'true'
    : value;

/** A list of complex values is compared by their `value` (RFC 7644 §3.4.2.2); other complex ones not at all. */
export const comparedPart = (attribute: ScimAttribute, path: string): ScimAttribute => {
  if (attribute.type !== 'complex') return attribute;
  const part = attribute.subAttributes?.find(({ name }) => name === 'value');
  if (part === undefined) throw unsupportedFilter(path);
  return part;
};

const match = (filter: Filter, look: Look): boolean => {
  if ('all' in filter) return filter.all.every(part => match(part, look));
  if ('any' in filter) return filter.any.some(part => match(part, look));
  if ('not' in filter) return !match(filter.not, look);
  if ('present' in filter) return look(filter.present).items.length > 0;
  if ('where' in filter) {
    const { attribute, items } = look(filter.path);
    return items.some(item => matchItem(filter.where, attribute, item));
  }
  const { compared, values } = look(filter.path);
  const value = valueFor(compared, filter.value);
  if (value === null) return filter.op === 'ne' ? values.length > 0 : values.length === 0;
  if (values.length === 0) return filter.op === 'ne';
  return values.some(held => compare(held, filter.op, value, compared.caseExact));
};

/**
 * Whether what stands in brackets holds for one item of a list. Pure.
 *
 * @throws {ScimError} `invalidFilter` for a part that items do not have
 */
export const matchItem = (filter: Filter, attribute: ScimAttribute, item: unknown): boolean =>
  match(filter, path => {
    const part = attribute.subAttributes?.find(({ name }) => name.toLowerCase() === path.toLowerCase());
    if (part === undefined) throw unsupportedFilter(`${attribute.name}.${path}`);
    const values = listOf((item as ScimObject)[part.name]);
    return { attribute: part, items: values, compared: part, values };
  });

/**
 * Whether a filter holds for a resource in its proper spelling. An absent attribute equals nothing and differs from
 * everything; of several values one is enough. Pure.
 *
 * @throws {ScimError} `invalidFilter` for an attribute that there is not
 */
export const matchResource = (filter: Filter, resource: ScimObject, schemas: ScimSchema[]): boolean =>
  match(filter, path => {
    const found = findAttribute(schemas, path);
    if (found === undefined) throw unsupportedFilter(path);
    const { urn, attribute, sub } = found;
    const holder = urn === undefined ? resource : ((resource[urn] ?? {}) as ScimObject);
    const whole = listOf(holder[attribute.name]);
    const partsOf = (part: ScimAttribute): unknown[] =>
      whole.flatMap(item => listOf((item as ScimObject)[part.name]));
    if (sub !== undefined) {
      const values = partsOf(sub);
      return { attribute: sub, items: values, compared: sub, values };
    }
    return {
      attribute,
      items: whole,
      get compared() {
        return comparedPart(attribute, path);
      },
      get values() {
        const part = comparedPart(attribute, path);
        return part === attribute ? whole : partsOf(part);
      },
    };
  });
