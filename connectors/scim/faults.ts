import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { type HttpAnswer, parseJson, retryAfterMs } from '#connectors/kit/http.ts';
import { straighten } from './answers.ts';
import { isObject } from './attribute-path.ts';

/** `scimType` (RFC 7644 §3.12) where it says more than the status. */
const byType: Record<string, ConnectorErrorCode> = { uniqueness: 'conflict', tooMany: 'rate-limited' };
const byStatus: Record<number, ConnectorErrorCode> = {
  404: 'not-found',
  408: 'timed-out',
  409: 'conflict',
  412: 'unavailable',
};

/** A single word, as the RFCs have them: anything else would be the vendor's own text. */
const keyword = /^[A-Za-z][A-Za-z0-9]{0,39}$/;

const typeOf = (answer: HttpAnswer): string | undefined => {
  if (answer.text.trim() === '') return undefined;
  const body = straighten(parseJson(answer));
  const type = isObject(body) ? body.scimType : undefined;
  return typeof type === 'string' && keyword.test(type) ? type : undefined;
};

/**
 * 400, 404, 409, 412, 413…: what the provider says no with, as a kit error. `detail` is not read: it may name
 * people. Anything but JSON or an empty body is an error page: `unexpected-answer`.
 */
export const faultOf = (answer: HttpAnswer): ConnectorError => {
  const type = typeOf(answer);
  const known = Object.keys(byType).find(name => name.toLowerCase() === type?.toLowerCase());
  const code = byType[known ?? ''] ?? byStatus[answer.status] ?? 'refused';
  const wait = retryAfterMs(answer.headers.get('retry-after'));
  return new ConnectorError(code, `the app says ${answer.status}${type === undefined ? '' : ` ${type}`}`, {
    vendorCode: type ?? String(answer.status),
    ...(code === 'rate-limited' && wait !== undefined ? { retryAfterMs: wait } : {}),
  });
};
