import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { writePassword } from '#sso/accounts/password-store.ts';
import { endOthers } from '#sso/sessions/end-others.ts';
import type { EndDeps } from '#sso/sessions/end-sessions.ts';

/**
 * Gives a person a password, whatever they had before, and ends all their sessions. Whether it is a good one was looked at
 * before.
 */
export const setPassword = async (
  { hasher, ...deps }: EndDeps & { hasher: PasswordHasher },
  given: { staffId: string; password: string; mustChange?: boolean; actor: string },
): Promise<void> => {
  const { staffId, actor } = given;
  const hash = await hasher.hash(given.password);
  await inTransaction(deps.db, async tx => {
    await writePassword(tx, staffId, { hash, mustChange: given.mustChange ?? false });
    await appendAudit(tx, { actor, action: 'password.set', object: `staff/${staffId}` });
  });
  await endOthers(deps, { staffId }, { reason: 'revoked', actor });
};
