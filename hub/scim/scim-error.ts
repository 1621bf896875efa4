import { AppError } from '#hub/platform/errors.ts';
import { Reply } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import { scimUrns } from '#schemas/scim.ts';

/** Every fault of this interface: status and `scimType` (RFC 7644 table 9, RFC 9865 §4). Words: `messages/scim`. */
const faults = {
  syntax: [400, 'invalidSyntax'],
  'filter-unreadable': [400, 'invalidFilter'],
  'filter-unsupported': [400, 'invalidFilter'],
  'filter-too-long': [400, 'tooMany'],
  'path-unreadable': [400, 'invalidPath'],
  'path-unknown': [400, 'invalidPath'],
  'sort-unsupported': [400, 'invalidPath'],
  'no-target': [400, 'noTarget'],
  'value-wrong': [400, 'invalidValue'],
  'value-missing': [400, 'invalidValue'],
  'value-refused': [400, 'invalidValue'],
  'attributes-both-ways': [400, 'invalidValue'],
  'cursor-wrong': [400, 'invalidCursor'],
  'count-wrong': [400, 'invalidCount'],
  'read-only': [400, 'mutability'],
  'must-stay': [400, 'mutability'],
  'not-owner': [403, 'mutability'],
  'not-entitled': [403, 'mutability'],
  'units-only': [403, 'mutability'],
  'create-elsewhere': [403, undefined],
  'delete-elsewhere': [403, undefined],
  'filter-not-here': [403, undefined],
  'app-off': [403, undefined],
  'unknown-resource': [404, undefined],
  exists: [409, 'uniqueness'],
  'waits-for-decision': [409, 'uniqueness'],
  'reference-unresolved': [409, undefined],
  'other-version': [412, undefined],
  'too-many-operations': [413, undefined],
  'nobody-signed-on': [501, undefined],
  'search-by-kind': [501, undefined],
} as const satisfies Record<string, readonly [number, string | undefined]>;
export type ScimFault = keyof typeof faults;

/** A fault as SCIM words it. An `AppError`, so that the edge hands it on as it is. */
export class ScimError extends AppError {
  readonly fault: ScimFault;
  constructor(fault: ScimFault, params: Record<string, string | number> = {}) {
    super('invalid-request', params);
    this.fault = fault;
  }
  override get status(): number {
    return faults[this.fault][0];
  }
}

/** What is no fault of this interface's own. */
const scimTypeOf = ({ code }: AppError): string | undefined =>
  code === 'malformed-body' || code === 'invalid-request'
    ? 'invalidSyntax'
    : code.endsWith('-held-by-another')
      ? 'uniqueness'
      : undefined;

/** The body of an error, RFC 7644 §3.12: the status is text. */
export const describeError = (error: AppError, language: Language) => {
  const own = error instanceof ScimError;
  const scimType = own ? faults[error.fault][1] : scimTypeOf(error);
  const pointers = error.faults.flatMap(({ pointer, detail }) =>
    pointer === undefined ? [] : [` ${pointer} ${detail ?? ''}`.trimEnd()],
  );
  return {
    schemas: [scimUrns.error],
    status: String(error.status),
    ...(scimType === undefined ? {} : { scimType }),
    detail: own
      ? say(language, `scim.${error.fault}`, error.params)
      : say(language, `errors.${error.code}`, error.params) + pointers.join(','),
  };
};

export const scimType = 'application/scim+json; charset=utf-8';

/** As `Route.renderError` wants it. */
export const renderScimError = (error: AppError, language: Language): Reply =>
  new Reply(error.status, describeError(error, language), {
    'content-type': scimType,
    'content-language': language,
    ...(error.code === 'not-ready' ? { 'retry-after': '2' } : {}),
  });
