import type { AppError, Fault } from '#hub/platform/errors.ts';
import { Reply } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';

/** When to come again, in seconds, for errors that pass by themselves. */
const retryAfter = (error: AppError): number | undefined => {
  if (error.code === 'too-many-requests') return Number(error.params.seconds ?? 1);
  if (error.code === 'not-ready') return 2;
  return error.code === 'idempotency-key-in-use' ? 1 : undefined;
};

/** The words of a fault that came without: `http.<code>`, should there be such a text. */
const withDetail = (fault: Fault, language: Language): Fault => {
  if (fault.detail !== undefined) return fault;
  const detail = say(language, `http.${fault.code}`);
  return detail === `http.${fault.code}` ? fault : { ...fault, detail };
};

/** A status may stand for several things (409): the code's own title goes first. */
const titleOf = ({ code, status }: AppError, language: Language): string => {
  const own = say(language, `http.title-${code}`);
  return own === `http.title-${code}` ? say(language, `http.status-${status}`) : own;
};

/**
 * Problem details (RFC 9457). `type` is relative to the public origin, `instance` is the request's id, which
 * the log knows; `params` are what the words were filled with (a token to confirm with, a limit), for programs;
 * `errors` are the places at fault.
 */
export const renderProblem = (error: AppError, language: Language, requestId: string): Reply => {
  const seconds = retryAfter(error);
  const problem = {
    type: `/problems/${error.code}`,
    title: titleOf(error, language),
    status: error.status,
    code: error.code,
    detail: say(language, `errors.${error.code}`, error.params),
    instance: `urn:uuid:${requestId}`,
    ...(Object.keys(error.params).length > 0 ? { params: error.params } : {}),
    ...(error.code === 'internal' ? { reference: requestId } : {}),
    ...(error.faults.length > 0 ? { errors: error.faults.map(fault => withDetail(fault, language)) } : {}),
  };
  return new Reply(error.status, problem, {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': language,
    ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }),
  });
};
