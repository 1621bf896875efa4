import type { StaffAccount } from '#schemas/staff.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { cleanName, findPerson } from '#sso/accounts/find-person.ts';
import { isIdle } from '#sso/accounts/password-age.ts';
import { noteUse, readPassword } from '#sso/accounts/password-store.ts';
import { refreshHash } from '#sso/accounts/refresh-hash.ts';

/** What became of a name and a password. Who failed learns one reason for unknown, wrong and never activated alike. */
export type PasswordVerdict =
  | { outcome: 'right'; staff: StaffAccount }
  /** `locked`: one more is not looked at. */
  | { outcome: 'wrong'; staffId?: string | undefined; locked: boolean }
  /** The password was right, and opens nothing: who left or is suspended; who has not come for too long. */
  | { outcome: 'barred' | 'idle'; staff: StaffAccount }
  /** Nobody looked at the password: too many before it were wrong. */
  | {
      outcome: 'locked' | 'slow-down';
      staffId?: string | undefined;
      seconds: number;
      /** Of many such: worth a line in the trail. */
      first: boolean;
    };

/**
 * Compares a password with the person's. Unknown names cost the same time and are counted the same. Only who knows the
 * password of a person that left, is suspended or has not come for too long is told so.
 */
export const checkPassword = async (
  { context, hasher, failures }: AccountDeps,
  { username, password, address }: { username: string; password: string; address: string },
): Promise<PasswordVerdict> => {
  const { call, db, config } = context;
  const staff = await findPerson(call, username);
  const guess = ['password', staff?.id ?? cleanName(username), address] as const;
  const permit = await failures.allow(...guess);
  if (!permit.allowed)
    return { outcome: permit.reason, staffId: staff?.id, seconds: permit.seconds, first: permit.first };
  const kept = staff && (await readPassword(db, staff.id));
  const matches = await hasher.matches(kept?.hash, password).catch(async (error: unknown) => {
    await failures.withdrawn(...guess);
    throw error;
  });
  if (!matches || staff === undefined || kept === undefined)
    return { outcome: 'wrong', staffId: staff?.id, ...(await failures.failed(...guess)) };
  await failures.succeeded(...guess);
  if (staff.status !== 'active') return { outcome: 'barred', staff };
  if (isIdle(kept, config.signOn)) return { outcome: 'idle', staff };
  await refreshHash({ db, hasher }, { staffId: staff.id, hash: kept.hash, password });
  await noteUse(db, staff.id);
  return { outcome: 'right', staff };
};
