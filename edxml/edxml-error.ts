/** What can be wrong with a package. The words for people are `documents.reason.<code>` of `messages/documents.*.json`. */
export const edxmlFaults = [
  'too-large',
  'not-utf-8',
  'junk-before-xml',
  'document-type',
  'too-deep',
  'not-well-formed',
  'not-edxml',
  'missing',
  'invalid-value',
  'attachment-missing',
  'not-base64',
  'zip-broken',
  'zip-bomb',
  'zip-path',
] as const;
export type EdxmlFault = (typeof edxmlFaults)[number];

/** Why a package cannot be taken. `place` is a path of elements (`MessageHeader/From/OrganId`) or `line 3`; never a value. */
export class EdxmlError extends Error {
  readonly code: EdxmlFault;
  readonly place: string;

  constructor(code: EdxmlFault, place: string, options: { cause?: unknown } = {}) {
    super(`${code} at ${place}`, options);
    this.name = 'EdxmlError';
    this.code = code;
    this.place = place;
  }
}
