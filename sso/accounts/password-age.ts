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

const hourMs = 3_600_000;

/** Whether the use of a password says more than the last one that was noted: nobody asks more closely than by the hour. */
export const isUseWorthNoting = ({ usedAt }: Pick<PasswordRow, 'usedAt'>): boolean =>
  Date.now() - usedAt.getTime() > hourMs;

/** Too old for somebody with a role. */
export const isOld = (
  { changedAt }: Pick<PasswordRow, 'changedAt'>,
  { adminPasswordDays }: Pick<SignOnSettings, 'adminPasswordDays'>,
): boolean => isOlder(changedAt, adminPasswordDays);

/** Why a password must be changed before its owner goes on; undefined: it need not. */
export const whyChange = (
  kept: PasswordRow,
  roles: StaffRole[],
  settings: Pick<SignOnSettings, 'adminPasswordDays'>,
): 'given' | 'old' | undefined => {
  if (kept.mustChange) return 'given';
  return roles.length > 0 && isOld(kept, settings) ? 'old' : undefined;
};
