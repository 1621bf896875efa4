import type { ErrorObject } from 'ajv';
import type { Fault } from '#hub/platform/errors.ts';
import { type Language, say } from '#hub/platform/messages.ts';

/** Which part of the request is at fault; `pointer` is a JSON pointer (RFC 6901) into it. */
export type Place = 'body' | 'query' | 'path';
export interface PlacedFault extends Fault {
  in: Place;
}

const codes: Record<string, string> = {
  required: 'required',
  additionalProperties: 'unknown-property',
  unevaluatedProperties: 'unknown-property',
  type: 'wrong-type',
  format: 'wrong-format',
  pattern: 'wrong-pattern',
  minLength: 'too-short',
  maxLength: 'too-long',
  minimum: 'too-small',
  exclusiveMinimum: 'too-small',
  maximum: 'too-large',
  exclusiveMaximum: 'too-large',
  multipleOf: 'not-a-multiple',
  minItems: 'too-few-items',
  maxItems: 'too-many-items',
  uniqueItems: 'repeated-item',
  minProperties: 'too-few-properties',
  maxProperties: 'too-many-properties',
  enum: 'not-allowed',
  const: 'not-allowed',
  anyOf: 'no-alternative',
  oneOf: 'no-alternative',
};

/** At most so many faults are told; the last one then counts the rest. */
const most = 100;

/** A name as a step of a JSON pointer (RFC 6901 §3). */
export const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const pointerOf = ({ instancePath, params }: ErrorObject): string => {
  const name = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  return typeof name === 'string' ? `${instancePath}/${escapePointer(name)}` : instancePath;
};

const constantsOf = (alternatives: unknown): unknown[] | undefined => {
  if (
    !Array.isArray(alternatives) ||
    !alternatives.every(one => one && typeof one === 'object' && 'const' in one)
  )
    return undefined;
  return alternatives.map(one => one.const);
};

/**
 * Ajv reports a failed choice once for every alternative and once for the whole. A choice of constants
 * becomes one list of what is taken; of another choice the alternatives' own faults say more than the whole.
 */
const joinChoices = (errors: ErrorObject[]): ErrorObject[] => {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return errors.flatMap(error => {
    const within = choices.find(choice => error.schemaPath.startsWith(`${choice.schemaPath}/`));
    if (within && constantsOf(within.schema)) return [];
    if (within && error.keyword === 'type' && error.params.type === 'null') return [];
    if (!choices.includes(error)) return [error];
    const allowedValues = constantsOf(error.schema);
    if (allowedValues) return [{ ...error, keyword: 'enum', params: { allowedValues } }];
    const told = errors.some(({ schemaPath }) => schemaPath.startsWith(`${error.schemaPath}/`));
    return told ? [] : [error];
  });
};

/** The faults that ajv found (with `verbose`), in the caller's language. The values at fault are not repeated. */
export const explainFaults = (errors: ErrorObject[], place: Place, language: Language): PlacedFault[] => {
  const faults = joinChoices(errors).map(error => {
    const code = codes[error.keyword] ?? 'invalid';
    const allowed: unknown[] = error.params.allowedValues ?? [error.params.allowedValue];
    const params = { ...error.params, allowed: allowed.map(String).join(', ') };
    // Nobody but a programmer reads a pattern; a schema may name words for it.
    const words = error.keyword === 'pattern' ? error.parentSchema?.['x-words'] : undefined;
    return {
      in: place,
      pointer: pointerOf(error),
      code,
      detail: say(language, `http.${words ?? code}`, params),
    };
  });
  if (faults.length <= most) return faults;
  const count = faults.length - most;
  const detail = say(language, 'http.too-many-faults', { count });
  return [...faults.slice(0, most), { in: place, pointer: '', code: 'too-many-faults', detail }];
};
