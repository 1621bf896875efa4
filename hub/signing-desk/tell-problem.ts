import { type Language, say } from '#hub/platform/messages.ts';
import type { DecisionOutcome } from '#schemas/signing.ts';

/** Why something was not decided or not signed, in words; a code without words is told as it is. What is not known of it is left open. */
export const tellProblem = (
  { code = 'internal', params = {} }: Pick<DecisionOutcome, 'code' | 'params'>,
  language: Language,
): string => {
  const words = [`signing-desk.problem.${code}`, `errors.${code}`]
    .map(key => ({ key, text: say(language, key, params) }))
    .find(({ key, text }) => key !== text);
  return (words?.text ?? say(language, 'signing-desk.problem.other', { code })).replace(/\{\w+\}/g, '…');
};
