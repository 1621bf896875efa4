import { Type } from 'typebox';
import type { HttpRequest } from '#connectors/kit/http.ts';

/** One call to the portal, its answer checked. */
export type Ask = <T>(
  method: HttpRequest['method'],
  path: string,
  signal: AbortSignal,
  check: (answer: unknown) => T,
  json?: unknown,
) => Promise<T>;

/** yyyy-MM-dd. */
export const isoDay = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
