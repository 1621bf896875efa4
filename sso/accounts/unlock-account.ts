import { appendAudit } from '#hub/platform/audit-store.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { forgetAllAttempts } from '#sso/factors/failure-store.ts';

/**
 * Forgets wrong guesses at an account; answers from how many networks it was locked. Noted when there were any. `factors`:
 * of second factors too, which is for the IT centre alone: a clerk, who hands out passwords, could guess codes without a
 * wait.
 */
export const unlockAccount = async (
  { context, failures }: Pick<AccountDeps, 'context' | 'failures'>,
  given: { staffId: string; actor: string; requestId: string; factors?: boolean },
): Promise<number> => {
  const { staffId, actor, requestId } = given;
  const networks = await failures.unlock(staffId);
  const factors = given.factors === true ? await forgetAllAttempts(context.db, staffId) : 0;
  if (networks + factors > 0)
    await appendAudit(context.db, {
      actor,
      action: 'account.unlocked',
      object: `staff/${staffId}`,
      detail: { networks, ...(factors > 0 ? { factors } : {}) },
      requestId,
    });
  return networks;
};
