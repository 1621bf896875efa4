import { appendAudit } from '#hub/platform/audit-store.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';

/** Forgets wrong guesses at an account; answers from how many networks it was locked. Noted when there were any. */
export const unlockAccount = async (
  { context, failures }: Pick<AccountDeps, 'context' | 'failures'>,
  { staffId, actor, requestId }: { staffId: string; actor: string; requestId: string },
): Promise<number> => {
  const networks = await failures.unlock(staffId);
  if (networks > 0)
    await appendAudit(context.db, {
      actor,
      action: 'account.unlocked',
      object: `staff/${staffId}`,
      detail: { networks },
      requestId,
    });
  return networks;
};
