import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import { noteRefusal, wordsFor } from '#sso/sign-in/note-refusal.ts';
import type { PasswordVerifier } from '#sso/sign-in/password-verifier.ts';
import type { SignIn, Step } from '#sso/sign-in/sign-in.ts';

/** Another way to sign in, shown below the form. */
export interface OtherWay {
  url: string;
  words: string;
}

/** User name and password: how every sign-in begins. */
export const createPasswordStep = (
  deps: AccountDeps,
  {
    verifiers = [],
    otherWays = async () => [],
  }: { verifiers?: PasswordVerifier[]; otherWays?(signIn: SignIn): Promise<OtherWay[]> } = {},
): Step => ({
  name: 'password',
  isDue: ({ progress }) => progress === undefined,
  async show(signIn) {
    const { show, interaction } = signIn;
    show('sign-in', { username: interaction.params.login_hint, otherWays: await otherWays(signIn) });
  },
  async take(signIn, { username = '', password = '' }) {
    const { show, facts } = signIn;
    const { address } = facts;
    const verdict = await checkPassword(deps, { username, password, address }, verifiers);
    if (verdict.outcome === 'right') {
      if (verdict.kept !== undefined) signIn.read.password = verdict.kept;
      return { staffId: verdict.staff.id, amr: ['pwd'] };
    }
    await noteRefusal(deps.context, verdict, facts);
    show('sign-in', { username, otherWays: await otherWays(signIn) }, wordsFor(verdict));
    return undefined;
  },
});
