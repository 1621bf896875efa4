import type { PartContext } from '#hub/platform/part.ts';
import { mayDecide, powersOf, signersOf } from '#hub/signing/may-decide.ts';
import { countWaiting, waitingSteps } from '#hub/signing/step-store.ts';

/** `signing.count`: how much waits for a person. Asked often, so that the database counts where no limit needs a look at each. */
export const countFor = async (
  context: Pick<PartContext, 'db' | 'call'>,
  staffId: string,
): Promise<number> => {
  const { db } = context;
  const powers = await powersOf(context, staffId);
  const signers = signersOf(powers);
  if (powers.delegations.every(({ limits }) => Object.keys(limits).length === 0))
    return countWaiting(db, signers);
  return (await waitingSteps(db, signers)).filter(step => mayDecide(powers, step)).length;
};
