import type { DesiredAccount } from '#schemas/account.ts';
import type { AccountValues } from './account-values.ts';
import { changedNames, withErased } from './compare-accounts.ts';
import type { Desired } from './desired-account.ts';

/** What an app was last given for one person. */
export interface AccountRow {
  externalId?: string;
  enabled: boolean;
  given: AccountValues;
}

export type Plan =
  /** `given` is what of the account the app keeps. */
  | { kind: 'create' | 'update'; account: DesiredAccount; given: AccountValues }
  | { kind: 'disable'; externalId: string; code: string }
  | { kind: 'nothing' };

/**
 * Pure: what must be done so that an app holds what it should.
 *
 * Who should have no open account (left, suspended, outside the entitlement) loses it by `disable`, which
 * never deletes; where there is none, none is made. While an account is closed its values are let be: they
 * are brought up to date when the person returns. What the person has lost is emptied (`withErased`). `forced`
 * calls the app even when it was given the same.
 */
export const planAccount = (
  staffId: string,
  desired: Desired,
  account: AccountRow | undefined,
  { forced = false, createsAccounts = true }: { forced?: boolean; createsAccounts?: boolean } = {},
): Plan => {
  const externalId = account?.externalId;
  if (!desired.wanted) {
    if (externalId === undefined || (!account?.enabled && !forced)) return { kind: 'nothing' };
    return { kind: 'disable', externalId, code: desired.key.code };
  }
  const given = withErased(desired.values, desired.erasable, account?.given);
  if (
    !forced &&
    account?.enabled &&
    externalId !== undefined &&
    changedNames(account.given, given).length === 0
  )
    return { kind: 'nothing' };
  const wanted: DesiredAccount = {
    ...desired.key,
    ...given,
    staffId,
    enabled: true,
    ...(externalId === undefined ? {} : { externalId }),
  };
  const kind = externalId === undefined && createsAccounts ? 'create' : 'update';
  return { kind, account: wanted, given };
};
