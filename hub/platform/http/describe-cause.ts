import { isDatabaseAway } from '#hub/platform/database.ts';

/**
 * What may be logged of an unexpected error. The words of a database error or of a parser repeat the values
 * at fault, which may be personal data: of those only code, constraint and stack frames are kept. A database that
 * is away needs no frames: the place where it was missed says nothing, and there are many.
 */
export const describeCause = (cause: unknown): Record<string, unknown> => {
  if (!(cause instanceof Error)) return { type: typeof cause };
  const error = cause as Error & Record<string, unknown>;
  const quotesValues = 'severity' in error || error instanceof SyntaxError;
  const frames = error.stack
    ?.split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 12)
    .map(line => line.trim());
  return {
    type: error.name,
    code: error.code,
    ...(quotesValues ? { constraint: error.constraint, routine: error.routine } : { message: error.message }),
    ...(isDatabaseAway(error) ? {} : { frames }),
    ...(error.cause === undefined ? {} : { cause: describeCause(error.cause) }),
  };
};
