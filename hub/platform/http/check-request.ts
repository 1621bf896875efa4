import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { AppError } from '#hub/platform/errors.ts';
import {
  escapePointer,
  explainFaults,
  type Place,
  type PlacedFault,
} from '#hub/platform/http/explain-faults.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';

const createAjv = (options: Options): Ajv2020 => {
  const ajv = new Ajv2020({ strict: false, ...options });
  formats.default(ajv);
  return ajv;
};

/** Stops at the first fault: what an enormous body is checked with. */
const quick = createAjv({ verbose: true });
const thorough = createAjv({ allErrors: true, verbose: true });
/** Query and path arrive as text: "5" is an integer there. Works on a copy, the handler gets the text. */
const coercing = createAjv({ allErrors: true, verbose: true, coerceTypes: true });

/** All faults are told for bodies up to this size (characters of JSON); of a larger one the first. */
const thoroughLimit = 256 * 1024;

type Check = (value: unknown, language: Language) => PlacedFault[];

const faultsOf = (validate: ValidateFunction, place: Place, language: Language): PlacedFault[] =>
  explainFaults(validate.errors ?? [], place, language);

const compileBody = (schema: object): Check => {
  const isValid = quick.compile(schema);
  let validate: ValidateFunction | undefined;
  return (value, language) => {
    if (value === undefined)
      return [{ in: 'body', pointer: '', code: 'required', detail: say(language, 'http.required') }];
    if (isValid(value)) return [];
    if (JSON.stringify(value).length > thoroughLimit) return faultsOf(isValid, 'body', language);
    validate ??= thorough.compile(schema);
    validate(value);
    return faultsOf(validate, 'body', language);
  };
};

const compileTexts = (schema: object, place: Place): Check => {
  const validate = coercing.compile(schema);
  return (value, language) => (validate({ ...(value as object) }) ? [] : faultsOf(validate, place, language));
};

/** NUL and half characters pass JSON and URLs, but PostgreSQL takes neither. */
const findBadTexts = (texts: object, place: Place, language: Language): PlacedFault[] =>
  Object.entries(texts)
    .filter(([, value]) => `${value}`.includes('\0'))
    .map(([name]) => ({
      in: place,
      pointer: `/${name}`,
      code: 'bad-text',
      detail: say(language, 'http.bad-text'),
    }));

/**
 * Parameters that the route does not have. One that is misspelt would be ignored otherwise, and `dryrun` for
 * `dryRun` would write. Where another standard rules the errors (OAuth 2, SCIM), it also says that unknown
 * parameters are ignored.
 */
const findUnknown = (route: Pick<Route, 'query' | 'renderError'>) => {
  const known = Object.keys((route.query as { properties?: object } | undefined)?.properties ?? {});
  return (query: object, language: Language): PlacedFault[] =>
    route.renderError === undefined
      ? Object.keys(query)
          .filter(name => !known.includes(name))
          .map(name => ({
            in: 'query' as const,
            pointer: `/${escapePointer(name)}`,
            code: 'unknown-parameter',
            detail: say(language, known.length === 0 ? 'http.no-parameters' : 'http.unknown-parameter', {
              known: known.join(', '),
            }),
          }))
      : [];
};

/** What is checked of a request. */
export interface Parts {
  params: object;
  query: object;
  body: unknown;
}

/**
 * Compiles a route's schemas into one check of path, query and body. Nothing is changed and no default is
 * filled in: the handler sees what was sent.
 *
 * @throws {AppError} `invalid-request` with every fault, in the caller's language (by the returned function)
 */
export const compileCheck = (
  route: Pick<Route, 'params' | 'query' | 'body' | 'raw' | 'renderError'>,
): ((parts: Parts, language: Language) => void) => {
  const params = route.params && compileTexts(route.params, 'path');
  const query = route.query && compileTexts(route.query, 'query');
  const unknown = findUnknown(route);
  const body = route.body && !route.raw ? compileBody(route.body) : undefined;
  return (parts, language) => {
    const faults = [
      ...findBadTexts(parts.params, 'path', language),
      ...findBadTexts(parts.query, 'query', language),
      ...(params?.(parts.params, language) ?? []),
      ...(query?.(parts.query, language) ?? []),
      ...unknown(parts.query, language),
      ...(body?.(parts.body, language) ?? []),
    ];
    if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
  };
};
