import { say } from '#hub/platform/messages.ts';

/**
 * Every error that a caller may see: its stable code and the HTTP status it travels with. The words are
 * in `messages/errors.{vi,en}.json`.
 */
export const errorStatus = {
  'bad-configuration': 500,
  'invalid-request': 400,
  'malformed-body': 400,
  unauthenticated: 401,
  'insufficient-scope': 403,
  'role-missing': 403,
  'source-of-another': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'not-active': 409,
  'client-exists': 409,
  'idempotency-key-reused': 422,
  'idempotency-key-in-use': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'unprocessable-file': 422,
  'unknown-app': 404,
  'unknown-connector': 404,
  'unknown-staff': 404,
  'unknown-unit': 404,
  'unit-closed': 409,
  'unit-in-use': 409,
  'unknown-import': 404,
  'unknown-reconciliation': 404,
  'no-accounts': 409,
  'unknown-decision': 404,
  'unknown-subscription': 404,
  'unknown-event': 404,
  'unknown-consumer': 404,
  'too-many-consumers': 409,
  'consumer-leased': 409,
  'lease-lost': 409,
  'code-held-by-another': 409,
  'citizen-number-held-by-another': 409,
  'username-held-by-another': 409,
  'code-missing': 422,
  'already-decided': 409,
  'import-not-ready': 409,
  'plan-needs-confirmation': 409,
  'connector-failed': 502,
  'too-many-requests': 429,
  'nats-not-offered': 409,
  'unknown-signing-request': 404,
  'signing-step-not-waiting': 409,
  'delegation-limit-reached': 409,
  'signing-too-late': 409,
  'signing-not-for-format': 422,
  'signing-number-missing': 422,
  'no-signing-key': 409,
  'signing-refused': 409,
  'signing-service-unavailable': 502,
  'signing-token-needed': 409,
  'signing-pass-spent': 410,
  'signing-upload-refused': 422,
  'signing-consent-needed': 409,
  'signing-temporary-offered': 409,
  'signing-temporary-requested': 409,
  'unknown-signing-ticket': 404,
  'file-work-failed': 503,
  'pdf-broken': 422,
  'pdf-encrypted': 422,
  'pdf-certified': 422,
  'pdf-not-incremental': 422,
  'pdf-form-xfa': 422,
  'pdf-signed': 422,
  'pdf-tampered': 422,
  'text-too-long': 422,
  'unknown-signing-key': 404,
  'signing-key-not-active': 409,
  'wrong-pin': 403,
  'second-factor-needed': 403,
  'wrong-code': 403,
  'certificate-not-of-key': 422,
  'page-unknown': 422,
  'field-unknown': 422,
  'field-taken': 422,
  'text-not-in-font': 422,
  'image-unreadable': 422,
  'xml-broken': 422,
  'certificate-unreadable': 422,
  'certificate-expired': 409,
  'certificate-not-for-signing': 409,
  'signature-not-of-hash': 502,
  'signature-too-large': 500,
  'signature-unreadable': 422,
  'time-stamp-refused': 502,
  'time-stamp-unavailable': 502,
  'revocation-unavailable': 502,
  'pin-not-chosen': 409,
  'pin-too-simple': 422,
  'pins-differ': 422,
  'document-refused': 422,
  'document-not-waiting': 409,
  'unknown-document': 404,
  'unknown-quarantine': 404,
  'quarantine-decided': 409,
  'not-ready': 503,
  'flow-lease-lost': 409,
  'flow-effect-pending': 409,
  'flow-conflict': 409,
  'flow-state-changed': 409,
  'flow-input-unknown': 404,
  'flow-version-unknown': 404,
  'flow-never-run': 409,
  'flow-proposal-unknown': 404,
  'flow-proposal-decided': 409,
  'flow-proposal-outdated': 409,
  'flow-review-needed': 409,
  'flow-review-own': 403,
  'flow-command-forbidden': 403,
  'flow-call-failed': 502,
  internal: 500,
} as const;
export type ErrorCode = keyof typeof errorStatus;

/** A place at fault: a JSON pointer, a row or a field, with a code of its own. */
export interface Fault {
  pointer?: string;
  row?: number;
  field?: string;
  code: string;
  detail?: string;
}

/**
 * An error with a stable code. `params` fill the words and are public: never a secret; a person's name
 * only where the caller may see it. Everything private belongs to `cause`, which is logged, not sent.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: Record<string, string | number>;
  readonly faults: Fault[];

  constructor(
    code: ErrorCode,
    params: Record<string, string | number> = {},
    options: { cause?: unknown; faults?: Fault[] } = {},
  ) {
    super(say('en', `errors.${code}`, params), { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.params = params;
    this.faults = options.faults ?? [];
  }

  get status(): number {
    return errorStatus[this.code];
  }
}
