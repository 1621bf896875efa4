import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import { noteRefusal, wordsFor } from '#sso/sign-in/note-refusal.ts';
import type { Step } from '#sso/sign-in/sign-in.ts';

/** User name and password: how every sign-in begins. */
export const createPasswordStep = (deps: AccountDeps): Step => ({
  name: 'password',
  isDue: ({ progress }) => progress === undefined,
  show({ show, interaction }) {
    show('sign-in', { username: interaction.params.login_hint });
  },
  async take({ show, facts }, { username = '', password = '' }) {
    const verdict = await checkPassword(deps, { username, password, address: facts.address });
    if (verdict.outcome === 'right') return { staffId: verdict.staff.id, amr: ['pwd'] };
    await noteRefusal(deps.context, verdict, facts);
    show('sign-in', { username }, wordsFor(verdict));
    return undefined;
  },
});
