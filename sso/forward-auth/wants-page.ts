import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a person waits for a page: only then a sign-in may be put in the place of the answer. A script, a form that was
 * sent, a picture get 401 and nothing else (what mod_auth_openidc does as well). Pure.
 */
export const wantsPage = (headers: IncomingHttpHeaders, method: string | undefined): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  headers['x-requested-with'] === undefined &&
  (headers['sec-fetch-mode'] ?? 'navigate') === 'navigate' &&
  (headers.accept ?? '').toLowerCase().includes('text/html');
