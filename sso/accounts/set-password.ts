import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { writePassword } from '#sso/accounts/password-store.ts';

/** Gives a person a password, whatever they had before. Whether it is a good one was looked at before. */
export const setPassword = async (
  { db, hasher }: { db: Database; hasher: PasswordHasher },
  given: { staffId: string; password: string; mustChange?: boolean; actor: string },
): Promise<void> => {
  const hash = await hasher.hash(given.password);
  await inTransaction(db, async tx => {
    await writePassword(tx, given.staffId, { hash, mustChange: given.mustChange ?? false });
    await appendAudit(tx, {
      actor: given.actor,
      action: 'password.set',
      object: `staff/${given.staffId}`,
    });
  });
};
