import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';

/**
 * Why a step is not on a person's list, as exactly as they may know it: what they could never decide looks like what is over, what
 * a delegation would let them decide tomorrow is told so.
 */
export const whyNotWaiting = async (
  { call }: Pick<PartContext, 'call'>,
  given: { staffId: string; stepId: string },
): Promise<AppError> => {
  try {
    await call('signing.file', given);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return new AppError('signing-step-not-waiting');
};
