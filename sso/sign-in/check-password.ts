import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import type { Staff } from '#schemas/staff.ts';
import { findPerson } from '#sso/accounts/find-person.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { readPassword } from '#sso/accounts/password-store.ts';
import { askVerifiers, type PasswordVerifier } from '#sso/sign-in/password-verifier.ts';

/** What became of a name and a password. Who failed learns one reason for unknown, wrong and never activated alike. */
export type PasswordVerdict =
  | { outcome: 'right'; staff: Staff; mustChange: boolean }
  | { outcome: 'wrong'; staffId?: string }
  | { outcome: 'barred'; staff: Staff }
  /** An older system that may know the name does not answer: no wrong password. */
  | { outcome: 'away' }
  /** Right at an older system, whose account is nobody's here. */
  | { outcome: 'unlinked' };

interface CheckDeps {
  call: Call;
  db: Database;
  hasher: PasswordHasher;
  /** Other places that know passwords. */
  verifiers?: PasswordVerifier[];
}

const admit = async ({ db }: CheckDeps, staff: Staff): Promise<PasswordVerdict> => {
  if (staff.status !== 'active') return { outcome: 'barred', staff };
  return { outcome: 'right', staff, mustChange: (await readPassword(db, staff.id))?.mustChange ?? false };
};

/**
 * Compares a password with the person's, or asks other places. Unknown names cost the same time. Only who knows the
 * password of a person that left or is suspended is told so.
 */
export const checkPassword = async (
  deps: CheckDeps,
  { username, password }: { username: string; password: string },
): Promise<PasswordVerdict> => {
  const { call, db, hasher, verifiers = [] } = deps;
  const staff = await findPerson(call, username);
  const kept = staff && (await readPassword(db, staff.id));
  const matches = await hasher.matches(kept?.hash, password);
  const own = staff && kept && { staffId: staff.id, matches };
  const word = await askVerifiers(verifiers, { username, password, own });
  if (word.outcome === 'right') return admit(deps, await call('staff.get', { id: word.staffId }));
  if (word.outcome === 'wrong') return word;
  if (own?.matches) return admit(deps, staff!);
  if (own === undefined && word.outcome !== 'unknown') return word;
  return { outcome: 'wrong', ...(staff === undefined ? {} : { staffId: staff.id }) };
};
