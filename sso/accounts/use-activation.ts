import { appendAudit } from '#hub/platform/audit-store.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { hashCode } from '#sso/accounts/activation-code.ts';
import { consumeActivation, isGood } from '#sso/accounts/activation-store.ts';
import { choosePassword } from '#sso/accounts/choose-password.ts';
import { cleanName, findPerson } from '#sso/accounts/find-person.ts';
import { noteLock } from '#sso/accounts/note-lock.ts';
import type { Unmet } from '#sso/accounts/password-rules.ts';
import { unlockAccount } from '#sso/accounts/unlock-account.ts';
import type { RequestFacts } from '#sso/request-facts.ts';

/** `wrong`: name and code do not belong together, or the code is used, old, or replaced; which is not told. */
export type Activated =
  | { outcome: 'done' }
  | { outcome: 'wrong' }
  | { outcome: 'locked' | 'slow-down'; seconds: number }
  | { outcome: 'unmet'; unmet: Unmet[] };

/** Sets the password of who has a code. The code is used up with the password that is taken, not with one that is not. */
export const useActivation = async (
  deps: AccountDeps,
  given: { username: string; code: string; password: string; repeated: string },
  facts: RequestFacts,
): Promise<Activated> => {
  const { context, failures } = deps;
  const found = await findPerson(context.call, given.username);
  // The rules of passwords look at more of a person than a sign-in does.
  const staff = found && (await context.call('staff.get', { id: found.id }));
  const guess = ['activation', staff?.id ?? cleanName(given.username), facts.address] as const;
  const permit = await failures.allow(...guess);
  if (!permit.allowed) return { outcome: permit.reason, seconds: permit.seconds };
  const codeHash = hashCode(context.secrets, staff?.id ?? '', given.code);
  if (staff?.status !== 'active' || !(await isGood(context.db, staff.id, codeHash))) {
    if ((await failures.failed(...guess)).locked) await noteLock(context, 'activation', staff?.id, facts);
    return { outcome: 'wrong' };
  }
  await failures.succeeded(...guess);
  const actor = `staff/${staff.id}`;
  const { requestId } = facts;
  const { unmet, taken } = await choosePassword(deps, { ...given, staff, requestId }, async tx => {
    if (!(await consumeActivation(tx, staff.id, codeHash))) return false;
    await appendAudit(tx, { actor, action: 'activation.used', object: `staff/${staff.id}`, requestId });
    return true;
  });
  if (unmet.length > 0) return { outcome: 'unmet', unmet };
  if (!taken) return { outcome: 'wrong' };
  await unlockAccount(deps, { staffId: staff.id, actor, requestId });
  return { outcome: 'done' };
};
