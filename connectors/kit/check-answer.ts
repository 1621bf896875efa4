import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ConnectorError } from '#connectors/kit/errors.ts';

/**
 * Makes a guard for a vendor's answer: what passes is typed, anything else is `unexpected-answer` with the
 * place at fault (never the value: it may be personal).
 */
export const checkAnswer = <T extends TSchema>(schema: T): ((value: unknown) => Static<T>) => {
  const validator = Compile(schema);
  return value => {
    if (validator.Check(value)) return value as Static<T>;
    const [first] = validator.Errors(value);
    throw new ConnectorError(
      'unexpected-answer',
      `the answer does not have the promised shape at ${first?.instancePath || '/'}: ${first?.message ?? ''}`,
    );
  };
};
