/**
 * The closed list of what may go wrong between the hub and an app. A connector maps every vendor fault
 * to one of these; nothing else leaves a connector.
 */
export const connectorErrorCodes = {
  /** Nobody answers, the connection broke, 5xx: try again later. */
  unavailable: { retryable: true },
  /** No answer within the time allowed; the effect is unknown, calls are idempotent: try again. */
  'timed-out': { retryable: true },
  /** The credentials are refused: try again, and tell the IT centre. */
  unauthorised: { retryable: true },
  /** The app asks for fewer calls; `retryAfterMs` when it says how long. */
  'rate-limited': { retryable: true },
  /** The answer is not what the protocol promises (an error page with status 200, broken XML). */
  'unexpected-answer': { retryable: true },
  /** The app understood and says no: never retried, a person must decide. */
  refused: { retryable: false },
  /** Somebody else already holds the name, the code or the address. */
  conflict: { retryable: false },
  /** The account is not there any more. */
  'not-found': { retryable: false },
} as const;
export type ConnectorErrorCode = keyof typeof connectorErrorCodes;

/** What a connector throws. `message` is safe to show: no secret and no personal data. */
export class ConnectorError extends Error {
  readonly code: ConnectorErrorCode;
  /** How long the app asks us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The vendor's own code, for the IT centre. */
  readonly vendorCode: string | undefined;

  constructor(
    code: ConnectorErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number; vendorCode?: string } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ConnectorError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.vendorCode = options.vendorCode;
  }

  get retryable(): boolean {
    return connectorErrorCodes[this.code].retryable;
  }
}
