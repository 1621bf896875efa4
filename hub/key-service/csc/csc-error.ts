import { AppError } from '#hub/platform/errors.ts';
import { Reply } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';

/** A fault in the words of the CSC API (2.0 §10.1): `invalid_request` for nearly all, told apart by the description. */
export class CscError extends AppError {
  readonly error: string;
  readonly description: string;
  constructor(description: string, error = 'invalid_request') {
    super('invalid-request');
    this.error = error;
    this.description = description;
  }
}

const described: Partial<Record<AppError['code'], string>> = {
  'unknown-signing-key': 'Invalid parameter credentialID',
  // The hub's own words say that it tries again, which it does for its own requests.
  'time-stamp-unavailable': 'The time-stamp authority does not answer',
  'time-stamp-refused': 'The time-stamp authority answers wrongly',
  'revocation-unavailable': 'The authorities of the certificate do not tell whether it is good',
};
const words: Partial<Record<AppError['code'], [status: number, error: string]>> = {
  unauthenticated: [401, 'invalid_token'],
  'insufficient-scope': [403, 'insufficient_scope'],
  'file-work-failed': [503, 'temporarily_unavailable'],
  'not-ready': [503, 'temporarily_unavailable'],
  'signing-service-unavailable': [503, 'temporarily_unavailable'],
  'time-stamp-unavailable': [503, 'temporarily_unavailable'],
  'time-stamp-refused': [503, 'temporarily_unavailable'],
  'revocation-unavailable': [503, 'temporarily_unavailable'],
  'too-many-requests': [429, 'temporarily_unavailable'],
};

const wordOf = ({ code, status }: AppError): [status: number, error: string] =>
  words[code] ?? (status >= 500 ? [status, 'server_error'] : [400, 'invalid_request']);

const describe = (error: AppError, language: Language): string => {
  if (error instanceof CscError) return error.description;
  const [fault] = error.faults;
  if (fault?.pointer) return `Missing or invalid parameter ${fault.pointer.slice(1)}`;
  return described[error.code] ?? say(language, `errors.${error.code}`, error.params);
};

/** For a method of the API that is not offered, always or as things are set up. */
export const answerNotOffered = (method: string): Reply =>
  new Reply(501, {
    error: 'unsupported_operation',
    error_description: `${method} is not offered; info lists what is`,
  });

/** As `Route.renderError` wants it. */
export const renderCscError = (error: AppError, language: Language): Reply => {
  const [status, word] = error instanceof CscError ? [400, error.error] : wordOf(error);
  const body = { error: word, error_description: describe(error, language) };
  return new Reply(status, body, status === 503 ? { 'retry-after': '2' } : {});
};
