import type { StaffAccount } from '#schemas/staff.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { cleanName, findPerson } from '#sso/accounts/find-person.ts';
import { isIdle, isUseWorthNoting } from '#sso/accounts/password-age.ts';
import { noteUse, type PasswordRow, readPassword } from '#sso/accounts/password-store.ts';
import { refreshHash } from '#sso/accounts/refresh-hash.ts';
import { askVerifiers, type PasswordVerifier } from '#sso/sign-in/password-verifier.ts';

/** What became of a name and a password. Who failed learns one reason for unknown, wrong and never activated alike. */
export type PasswordVerdict =
  /** `kept`: the row that it was compared with; undefined when an older system knew it. */
  | { outcome: 'right'; staff: StaffAccount; kept?: PasswordRow }
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
    }
  /** An older system that may know the name does not answer: no wrong password. */
  | { outcome: 'away' }
  /** Right at an older system, whose account is nobody's here. */
  | { outcome: 'unlinked' };

/** Whose password it is, when it was right: here, or at an older system. */
type Finding =
  | { found: 'own'; staff: StaffAccount; kept: PasswordRow }
  | { found: 'older'; staffId: string }
  | { found: 'nothing'; staffId: string | undefined }
  | { found: 'away' }
  | { found: 'unlinked' };

const compare = async (
  { context, hasher }: AccountDeps,
  verifiers: PasswordVerifier[],
  { username, password, staff }: { username: string; password: string; staff: StaffAccount | undefined },
): Promise<Finding> => {
  const kept = staff && (await readPassword(context.db, staff.id));
  const matches = await hasher.matches(kept?.hash, password);
  const own = staff && kept && { staffId: staff.id, matches };
  const word = await askVerifiers(verifiers, { username, password, own });
  if (word.outcome === 'right') return { found: 'older', staffId: word.staffId };
  if (word.outcome === 'wrong') return { found: 'nothing', staffId: word.staffId ?? staff?.id };
  if (staff && kept && matches) return { found: 'own', staff, kept };
  if (own === undefined && word.outcome !== 'unknown') return { found: word.outcome } as Finding;
  return { found: 'nothing', staffId: staff?.id };
};

/**
 * Compares a password with the person's, or asks older systems. Unknown names cost the same time and are counted the
 * same. Only who knows the password of a person that left, is suspended or has not come for too long is told so.
 */
export const checkPassword = async (
  deps: AccountDeps,
  { username, password, address }: { username: string; password: string; address: string },
  verifiers: PasswordVerifier[] = [],
): Promise<PasswordVerdict> => {
  const { context, hasher, failures } = deps;
  const { call, db, config } = context;
  const person = await findPerson(call, username);
  const guess = ['password', person?.id ?? cleanName(username), address] as const;
  const permit = await failures.allow(...guess);
  if (!permit.allowed)
    return { outcome: permit.reason, staffId: person?.id, seconds: permit.seconds, first: permit.first };
  const finding = await compare(deps, verifiers, { username, password, staff: person }).catch(
    async (error: unknown) => {
      await failures.withdrawn(...guess);
      throw error;
    },
  );
  if (finding.found === 'away' || finding.found === 'unlinked') {
    await failures.withdrawn(...guess);
    return { outcome: finding.found };
  }
  if (finding.found === 'nothing')
    return { outcome: 'wrong', staffId: finding.staffId, ...(await failures.failed(...guess)) };
  await failures.succeeded(...guess);
  const staff =
    finding.found === 'own' ? finding.staff : (await call('staff.account', { id: finding.staffId }))!;
  if (staff.status !== 'active') return { outcome: 'barred', staff };
  if (finding.found === 'own') {
    if (isIdle(finding.kept, config.signOn)) return { outcome: 'idle', staff };
    await refreshHash({ db, hasher }, { staffId: staff.id, hash: finding.kept.hash, password });
  }
  if (finding.found !== 'own') {
    await noteUse(db, staff.id);
    return { outcome: 'right', staff };
  }
  const { kept } = finding;
  if (isUseWorthNoting(kept)) await noteUse(db, staff.id);
  return { outcome: 'right', staff, kept };
};
