import type { Call } from '#hub/platform/calls.ts';
import type { StaffAccount } from '#schemas/staff.ts';

/** A user name as people type it: blanks and the mail domain behind it do not matter, nor does case. */
export const cleanName = (typed: string): string => typed.trim().toLowerCase().split('@')[0]!;

/** The person of the register with this user name, whatever their status; undefined when nobody has it. */
export const findPerson = async (call: Call, typed: string): Promise<StaffAccount | undefined> => {
  const value = cleanName(typed);
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(value)) return undefined;
  return call('staff.account', { username: value });
};
