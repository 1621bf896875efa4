import type { PartContext } from '#hub/platform/part.ts';
import { powersOf, signersOf } from '#hub/signing/may-decide.ts';
import { countWaiting } from '#hub/signing/step-store.ts';
import { waitingFor } from '#hub/signing/waiting-for.ts';

/** `signing.count`: how much waits for a person. Asked often, so that the database counts where no limit needs a look at each. */
export const countFor = async (
  context: Pick<PartContext, 'db' | 'call'>,
  staffId: string,
): Promise<number> => {
  const { db } = context;
  const powers = await powersOf(context, staffId);
  if (powers.delegations.every(({ limits }) => Object.keys(limits).length === 0))
    return countWaiting(db, signersOf(powers));
  return (await waitingFor(db, powers)).length;
};
