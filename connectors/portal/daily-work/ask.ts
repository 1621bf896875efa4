import { type TSchema, Type } from 'typebox';
import type { HttpRequest } from '#connectors/kit/http.ts';

/** One call to the portal, its answer checked. */
export type Ask = <T>(
  method: HttpRequest['method'],
  path: string,
  signal: AbortSignal,
  check: (answer: unknown) => T,
  json?: unknown,
) => Promise<T>;

/** A field that may be absent or null. */
export const nullable = <T extends TSchema>(shape: T) => Type.Optional(Type.Union([shape, Type.Null()]));
export const text = nullable(Type.String());
/** yyyy-MM-dd. */
export const isoDay = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** The portal's own greatest page. */
export const maxPageSize = 200;
