import { type Language, say } from '#hub/platform/messages.ts';
import type { Staff } from '#schemas/staff.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { readAccounts } from '#sso/accounts/account-state-store.ts';
import { isIdle } from '#sso/accounts/password-age.ts';
import { tellTime } from '#sso/accounts/tell-time.ts';

/** A person on the clerk's page. */
interface ShownPerson {
  id: string;
  name: string;
  username: string;
  unit: string;
  /** Of the account, in words. */
  state: string;
  locked: boolean;
  /** Somebody with a role: only the IT centre may help. */
  hasRole: boolean;
}

export const showPeople = async (
  { context, failures }: Pick<AccountDeps, 'context' | 'failures'>,
  people: Staff[],
  language: Language,
): Promise<ShownPerson[]> => {
  const ids = people.map(({ id }) => id);
  const [accounts, locked] = await Promise.all([readAccounts(context.db, ids), failures.lockedOf(ids)]);
  const tellState = (id: string): string => {
    const { usedAt, codeUntil } = accounts.get(id)!;
    if (codeUntil !== null)
      return say(language, 'accounts.state.code', { until: tellTime(language, codeUntil) });
    if (usedAt === null) return say(language, 'accounts.state.none');
    return say(
      language,
      isIdle({ usedAt }, context.config.signOn) ? 'accounts.state.idle' : 'accounts.state.active',
    );
  };
  return people.map(({ id, name, username, unitName = '' }) => ({
    id,
    name,
    username,
    unit: unitName,
    state: tellState(id),
    locked: locked.has(id),
    hasRole: accounts.get(id)!.hasRole,
  }));
};
