/**
 * JSON as PostgreSQL's `jsonb` takes it: it refuses the character NUL, which some old program's text may hold. A backslash that is
 * itself escaped stays. Pure.
 */
export const toJsonb = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replaceAll(/((?:^|[^\\])(?:\\\\)*)(?:\\u0000)+/g, '$1');
