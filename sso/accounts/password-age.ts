import type { StaffRole } from '#schemas/sign-on.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import type { PasswordRow } from '#sso/accounts/password-store.ts';

const dayMs = 86_400_000;
const isOlder = (since: Date, days: number): boolean =>
  days > 0 && Date.now() - since.getTime() > days * dayMs;

/** Nobody has signed in with it for so long that it works no more. */
export const isIdle = (
  { usedAt }: Pick<PasswordRow, 'usedAt'>,
  { idleDays }: Pick<SignOnSettings, 'idleDays'>,
): boolean => isOlder(usedAt, idleDays);

/** Why a password must be changed before its owner goes on; undefined: it need not. */
export const whyChange = (
  { mustChange, changedAt }: PasswordRow,
  roles: StaffRole[],
  { adminPasswordDays }: Pick<SignOnSettings, 'adminPasswordDays'>,
): 'given' | 'old' | undefined => {
  if (mustChange) return 'given';
  return roles.length > 0 && isOlder(changedAt, adminPasswordDays) ? 'old' : undefined;
};
