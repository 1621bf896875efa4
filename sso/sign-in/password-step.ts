import { appendAudit } from '#hub/platform/audit-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import type { PasswordVerifier } from '#sso/sign-in/password-verifier.ts';
import type { SignIn, Step } from '#sso/sign-in/sign-in.ts';

/** Another way to sign in, shown below the form. */
export interface OtherWay {
  url: string;
  words: string;
}

/** User name and password: how every sign-in begins. */
export const createPasswordStep = ({
  context,
  hasher,
  verifiers = [],
  otherWays = async () => [],
}: {
  context: PartContext;
  hasher: PasswordHasher;
  verifiers?: PasswordVerifier[];
  otherWays?(signIn: SignIn): Promise<OtherWay[]>;
}): Step => ({
  name: 'password',
  isDue: ({ progress }) => progress === undefined,
  async show(signIn) {
    const { show, interaction } = signIn;
    show('sign-in', { username: interaction.params.login_hint, otherWays: await otherWays(signIn) });
  },
  async take(signIn, { username = '', password = '' }) {
    const { show, facts } = signIn;
    const { call, db } = context;
    const verdict = await checkPassword({ call, db, hasher, verifiers }, { username, password });
    if (verdict.outcome === 'right') return { staffId: verdict.staff.id, amr: ['pwd'] };
    const again = { username, otherWays: await otherWays(signIn) };
    if (verdict.outcome === 'away' || verdict.outcome === 'unlinked') {
      show('sign-in', again, { key: `upstream.password.${verdict.outcome}` });
      return undefined;
    }
    const staffId = verdict.outcome === 'barred' ? verdict.staff.id : verdict.staffId;
    const subject = `staff/${staffId ?? 'unknown'}`;
    await appendAudit(db, {
      actor: subject,
      action: 'sign-in.refused',
      object: subject,
      detail: { reason: verdict.outcome, zone: facts.zone },
      requestId: facts.requestId,
    });
    show('sign-in', again, { key: `sso.sign-in.${verdict.outcome}` });
    return undefined;
  },
});
