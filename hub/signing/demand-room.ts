import type { Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { lockDelegations } from '#hub/signing/delegation-store.ts';

/**
 * Looks once more at the delegations by which something was decided in this transaction: two decisions at once are not both within
 * a limit that had room for one, and what was ended meanwhile decides nothing.
 *
 * @throws AppError `delegation-limit-reached`, `signing-step-not-waiting`
 */
export const demandRoom = async (tx: Tx, delegationIds: (string | null)[]): Promise<void> => {
  const ids = [...new Set(delegationIds.filter(id => id !== null))];
  if (ids.length === 0) return;
  const held = await lockDelegations(tx, ids, today());
  if (held.length < ids.length) throw new AppError('signing-step-not-waiting');
  for (const { limits, usedToday } of held)
    if (limits.perDay !== undefined && usedToday > limits.perDay)
      throw new AppError('delegation-limit-reached', { limit: limits.perDay });
};
