import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction, type Tx } from '#hub/platform/database.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import type { Staff } from '#schemas/staff.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { type Unmet, unmetRules } from '#sso/accounts/password-rules.ts';
import { readEarlier, readPassword, writePassword } from '#sso/accounts/password-store.ts';
import { endOthers, type Kept } from '#sso/sessions/end-others.ts';

/** A password that a person chose, typed twice. */
export interface Choice {
  staff: Staff;
  password: string;
  repeated: string;
  /** Where they did; all other sessions and sign-ins of theirs end. */
  keep?: Kept;
  requestId: string;
}

const wasHad = async (
  { context, hasher }: Pick<AccountDeps, 'context' | 'hasher'>,
  { passwordHistory }: Pick<SignOnSettings, 'passwordHistory'>,
  staffId: string,
  password: string,
): Promise<boolean> => {
  const [current, earlier] = await Promise.all([
    readPassword(context.db, staffId),
    readEarlier(context.db, staffId, passwordHistory),
  ]);
  for (const kept of current === undefined ? earlier : [current.hash, ...earlier])
    if (await hasher.matches(kept, password)) return true;
  return false;
};

/**
 * Gives a person the password that they chose, if it keeps the rules; what it does not keep is the answer, empty when
 * it was taken. `first` runs in the transaction that takes it: `false` takes nothing.
 */
export const choosePassword = async (
  deps: Pick<AccountDeps, 'context' | 'hasher'>,
  { staff, password: typed, repeated, keep = {}, requestId }: Choice,
  first: (tx: Tx) => Promise<boolean> = async () => true,
): Promise<{ unmet: Unmet[]; taken: boolean }> => {
  const { db, config } = deps.context;
  const password = typed.normalize('NFC');
  const unmet = unmetRules(password, staff, config.signOn);
  if (password !== repeated.normalize('NFC')) unmet.push({ rule: 'not-repeated' });
  const isTooLong = unmet.some(({ rule }) => rule === 'too-long');
  if (!isTooLong && (await wasHad(deps, config.signOn, staff.id, password)))
    unmet.push({ rule: 'had-before', params: { count: config.signOn.passwordHistory } });
  if (unmet.length > 0) return { unmet, taken: false };
  const hash = await deps.hasher.hash(password);
  const taken = await inTransaction(db, async tx => {
    if (!(await first(tx))) return false;
    await writePassword(tx, staff.id, { hash, mustChange: false });
    await appendAudit(tx, {
      actor: `staff/${staff.id}`,
      action: 'password.set',
      object: `staff/${staff.id}`,
      requestId,
    });
    return true;
  });
  const ending = { reason: 'revoked' as const, actor: `staff/${staff.id}`, requestId };
  if (taken) await endOthers(deps.context, { staffId: staff.id, keep }, ending);
  return { unmet: [], taken };
};
