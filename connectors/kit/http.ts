import { ConnectorError } from '#connectors/kit/errors.ts';

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
  headers: Headers;
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

const readText = async (response: Response, maxBytes: number): Promise<string> => {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > maxBytes)
      throw new ConnectorError('unexpected-answer', `the answer is larger than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

const send = (request: HttpRequest): Promise<Response> =>
  fetch(request.url, {
    method: request.method,
    redirect: 'manual',
    signal: request.signal,
    headers: {
      ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.json === undefined
      ? request.body === undefined
        ? {}
        : { body: request.body }
      : { body: JSON.stringify(request.json) }),
  });

/** The other side closed a connection that was kept open, before it answered anything. */
const wasClosed = (error: unknown): boolean => {
  const code = ((error as Error).cause as { code?: string } | undefined)?.code;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
};

/**
 * One HTTP exchange. Redirects are not followed (credentials would travel with them). Throws kit errors
 * for what is wrong at the HTTP level: unreachable, aborted, 401/403, 429, 5xx (but for `faultStatuses`).
 * Other statuses are answered: what 404, 409 or 422 mean is the connector's to say.
 */
export const exchange = async (request: HttpRequest): Promise<HttpAnswer> => {
  let response: Response;
  let text: string;
  try {
    response = await send(request).catch(error => {
      // An app that restarted leaves us connections that are dead already. Port calls are idempotent: once more.
      if (wasClosed(error) && !request.signal.aborted) return send(request);
      throw error;
    });
    text = await readText(response, request.maxBytes);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    if (request.signal.aborted)
      throw new ConnectorError('timed-out', 'the call was given up', { cause: error });
    throw new ConnectorError('unavailable', 'the app cannot be reached or broke off', { cause: error });
  }
  const answer = { status: response.status, headers: response.headers, text };
  if (request.faultStatuses?.includes(response.status)) return answer;
  const wait = retryAfterMs(response.headers.get('retry-after'));
  const options = {
    vendorCode: String(response.status),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
  if (response.status === 401 || response.status === 403)
    throw new ConnectorError('unauthorised', `the app refuses the credentials (${response.status})`, options);
  if (response.status === 429)
    throw new ConnectorError('rate-limited', 'the app asks for fewer calls', options);
  if (response.status >= 500)
    throw new ConnectorError('unavailable', `the app answers ${response.status}`, options);
  if (response.status >= 300 && response.status < 400)
    throw new ConnectorError('unexpected-answer', `the app redirects (${response.status})`, options);
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
