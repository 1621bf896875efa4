import { ScimError } from '#hub/scim/scim-error.ts';
import type { ScimAttribute, ScimObject } from '#schemas/scim.ts';

const wrong = (path: string): ScimError => new ScimError('value-wrong', { path });

/** Whether a value means that the attribute has none (RFC 7643 §2.5). */
export const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const coerceSimple = (attribute: ScimAttribute, value: unknown, path: string): unknown => {
  switch (attribute.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      // Microsoft Entra sends "True" and "False".
      if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
      throw wrong(path);
    case 'integer':
    case 'decimal': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(path);
      if (attribute.type === 'integer' && !Number.isInteger(number)) throw wrong(path);
      return number;
    }
    default:
      if (typeof value !== 'string') throw wrong(path);
      return value.normalize('NFC').trim();
  }
};

const coerceComplex = (attribute: ScimAttribute, value: unknown, path: string): ScimObject => {
  const parts = attribute.subAttributes ?? [];
  // A bare text in place of an object is its `value`.
  if (typeof value === 'string' && parts.some(({ name }) => name === 'value')) return { value: value.trim() };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path);
  const result: ScimObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const part = parts.find(({ name }) => name.toLowerCase() === key.toLowerCase());
    if (part === undefined || isNothing(inner)) continue;
    result[part.name] = coerceSimple(part, inner, `${path}.${part.name}`);
  }
  return result;
};

/** One value, or one item of a list, in the type of its attribute. @throws {ScimError} `invalidValue` */
export const coerceItem = (attribute: ScimAttribute, value: unknown, path: string): unknown =>
  attribute.type === 'complex' ? coerceComplex(attribute, value, path) : coerceSimple(attribute, value, path);

/** A list, however it was given: one item alone counts as a list of one. */
export const coerceList = (attribute: ScimAttribute, value: unknown, path: string): unknown[] =>
  isNothing(value)
    ? []
    : (Array.isArray(value) ? value : [value]).map(item => coerceItem(attribute, item, path));
