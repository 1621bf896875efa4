import { ConnectorError } from '#connectors/kit/errors.ts';
import { sendRequest } from '#connectors/kit/send-request.ts';

/** A request to an app; `json` or `body`, not both. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  json?: unknown;
  body?: string;
  signal: AbortSignal;
  maxBytes: number;
  /** Statuses handed back to the caller instead of thrown: SOAP tells its faults with 500. */
  faultStatuses?: number[];
}
export interface HttpAnswer {
  status: number;
  /** By name in any case; null when absent. */
  headers: { get(name: string): string | null };
  text: string;
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), in milliseconds from now. */
export const retryAfterMs = (value: string | null, now = Date.now()): number | undefined => {
  if (value === null) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};

const overTheWire = async (request: HttpRequest): Promise<HttpAnswer> => {
  const { method, url, json, signal, maxBytes } = request;
  const { headers, ...answer } = await sendRequest({
    method,
    url,
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
    body: json === undefined ? request.body : JSON.stringify(json),
    signal,
    maxBytes,
  });
  return {
    ...answer,
    headers: {
      get(name) {
        const value = headers[name.toLowerCase()];
        return value === undefined ? null : String(value);
      },
    },
  };
};

/**
 * One HTTP exchange. Redirects are not followed (credentials would travel with them). Throws kit errors
 * for what is wrong at the HTTP level: unreachable, aborted, 401/403, 429, 5xx (but for `faultStatuses`).
 * Other statuses are answered: what 404, 409 or 422 mean is the connector's to say.
 */
export const exchange = async (request: HttpRequest): Promise<HttpAnswer> => {
  let answer: HttpAnswer;
  try {
    answer = await overTheWire(request);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    if (request.signal.aborted)
      throw new ConnectorError('timed-out', 'the call was given up', { cause: error });
    throw new ConnectorError('unavailable', 'the app cannot be reached or broke off', { cause: error });
  }
  const { status } = answer;
  if (request.faultStatuses?.includes(status)) return answer;
  const wait = retryAfterMs(answer.headers.get('retry-after'));
  const options = {
    vendorCode: String(status),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
  if (status === 401 || status === 403)
    throw new ConnectorError('unauthorised', `the app refuses the credentials (${status})`, options);
  if (status === 429) throw new ConnectorError('rate-limited', 'the app asks for fewer calls', options);
  if (status >= 500) throw new ConnectorError('unavailable', `the app answers ${status}`, options);
  if (status >= 300 && status < 400)
    throw new ConnectorError('unexpected-answer', `the app redirects (${status})`, options);
  return answer;
};

/** The answer's body as JSON, or `unexpected-answer` (an error page with status 200). */
export const parseJson = (answer: HttpAnswer): unknown => {
  try {
    return JSON.parse(answer.text);
  } catch (error) {
    throw new ConnectorError('unexpected-answer', 'the answer is no JSON', { cause: error });
  }
};
