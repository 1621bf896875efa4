import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import type { StaffAccount } from '#schemas/staff.ts';
import { findPerson } from '#sso/accounts/find-person.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { readPassword } from '#sso/accounts/password-store.ts';

/** What became of a name and a password. Who failed learns one reason for unknown, wrong and never activated alike. */
export type PasswordVerdict =
  | { outcome: 'right'; staff: StaffAccount; mustChange: boolean }
  | { outcome: 'wrong'; staffId?: string }
  | { outcome: 'barred'; staff: StaffAccount };

/**
 * Compares a password with the person's. Unknown names cost the same time. Only who knows the password of a person
 * that left or is suspended is told so.
 */
export const checkPassword = async (
  { call, db, hasher }: { call: Call; db: Database; hasher: PasswordHasher },
  { username, password }: { username: string; password: string },
): Promise<PasswordVerdict> => {
  const staff = await findPerson(call, username);
  const kept = staff && (await readPassword(db, staff.id));
  const matches = await hasher.matches(kept?.hash, password);
  if (!matches || staff === undefined || kept === undefined)
    return { outcome: 'wrong', ...(staff === undefined ? {} : { staffId: staff.id }) };
  if (staff.status !== 'active') return { outcome: 'barred', staff };
  return { outcome: 'right', staff, mustChange: kept.mustChange };
};
