import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { isAllowed, powersOf, type Right, rightOver, whyNot } from '#hub/signing/may-decide.ts';
import { type WaitingRow, waitingSteps } from '#hub/signing/step-store.ts';

/**
 * A step that waits, and by what right this person decides it. One that is not theirs looks like one that is not there.
 *
 * @throws AppError `signing-step-not-waiting`, `delegation-limit-reached`
 */
export const demandRight = async (
  context: Pick<PartContext, 'db' | 'call'>,
  staffId: string,
  stepId: string,
): Promise<{ step: WaitingRow; right: Right }> => {
  const [step] = await waitingSteps(context.db, { ids: [stepId] });
  const right = step && rightOver(await powersOf(context, staffId), step);
  if (step === undefined || right === undefined || !isAllowed(right)) throw new AppError(whyNot(right));
  return { step, right };
};
