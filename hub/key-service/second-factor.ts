import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** How old a second factor that was proven in the browser may be. */
const factorMs = 10 * 60_000;
/** Clocks of two nodes may differ by this much. */
const skewMs = 30_000;

/**
 * A second factor beside the PIN: the one just proven to the sign-on (`factorAt`), or a code of the person's authenticator.
 *
 * @throws AppError `second-factor-needed`, `wrong-code`
 */
export const demandSecondFactor = async (
  { call }: Pick<PartContext, 'call'>,
  { staffId, otp, factorAt }: { staffId: string; otp?: string | undefined; factorAt?: string | undefined },
): Promise<void> => {
  if (factorAt !== undefined) {
    const age = Date.now() - Date.parse(factorAt);
    if (age >= -skewMs && age <= factorMs) return;
  }
  if (otp === undefined || otp === '') throw new AppError('second-factor-needed');
  const { ok } = await call('sso.check-code', { staffId, code: otp });
  if (!ok) throw new AppError('wrong-code');
};
