/** What came of one request: a status, or why there is none. */
export interface PostResult {
  status?: number;
  /** `timed-out`, `unreachable`, `broken-answer`, `address-not-allowed`, `aborted` (by us: no attempt at all). */
  failure?: string;
  retryAfter?: string;
  /** The first 1,000 characters of the body. */
  answer: string;
  durationMs: number;
}

/** Standard Webhooks: only 2xx is success; redirects are not followed; 410 wants no more. Undefined: delivered. */
export const errorCodeOf = ({ status, failure }: PostResult): string | undefined => {
  if (failure !== undefined) return failure;
  if (status === undefined) return 'unreachable';
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 410) return 'gone';
  if (status === 429) return 'rate-limited';
  return status < 500 ? 'refused' : 'server-error';
};

/** Whether its `Retry-After` is believed. */
export const mayAskForTime = ({ status }: PostResult): boolean => status === 429 || status === 503;
