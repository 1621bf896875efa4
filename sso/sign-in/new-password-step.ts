import { say } from '#hub/platform/messages.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { choosePassword } from '#sso/accounts/choose-password.ts';
import { isOld, whyChange } from '#sso/accounts/password-age.ts';
import { readPassword } from '#sso/accounts/password-store.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import { tellRules, tellUnmet } from '#sso/accounts/tell-rules.ts';
import type { SignIn, Step } from '#sso/sign-in/sign-in.ts';

/**
 * A new password for who was given theirs by somebody else, and for people with a role whose own is too old. The last
 * step: all else is proven before a password is changed.
 */
export const createNewPasswordStep = (deps: AccountDeps): Step => {
  const { call, db, config } = deps.context;
  const reasonFor = async ({ progress, read }: SignIn) => {
    // At a browser that was left open nobody may choose one.
    if (progress?.known || !progress?.amr.includes('pwd')) return undefined;
    const { staffId } = progress;
    const kept = read.password ?? (await readPassword(db, staffId));
    if (kept === undefined) return undefined;
    // Roles decide of an old password alone.
    const roles = isOld(kept, config.signOn) ? await readRoles(db, staffId) : [];
    return whyChange(kept, roles, config.signOn);
  };
  const draw = async (signIn: SignIn, problems: string[] = []): Promise<void> => {
    const [staff, reason] = await Promise.all([
      call('staff.get', { id: signIn.progress!.staffId }),
      reasonFor(signIn),
    ]);
    signIn.show(
      'new-password',
      {
        title: say(signIn.facts.language, 'accounts.step.title'),
        username: staff.username,
        reason: reason ?? 'given',
        problems,
        rules: tellRules(signIn.facts.language, config.signOn),
      },
      problems.length > 0 ? { key: 'accounts.rule.unmet' } : undefined,
    );
  };
  return {
    name: 'new-password',
    isDue: async signIn => (await reasonFor(signIn)) !== undefined,
    show: signIn => draw(signIn),
    async take(signIn, { password = '', repeated = '' }) {
      const progress = signIn.progress!;
      const staff = await call('staff.get', { id: progress.staffId });
      const { requestId, language } = signIn.facts;
      // Who proves again who they are has a session already: it goes on.
      const keep = { session: signIn.interaction.session?.uid, signIn: signIn.interaction.uid };
      const { unmet } = await choosePassword(deps, { staff, password, repeated, keep, requestId });
      if (unmet.length === 0) return progress;
      await draw(signIn, tellUnmet(language, unmet));
      return undefined;
    },
  };
};
