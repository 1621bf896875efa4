import { appendAudit } from '#hub/platform/audit-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import type { Step } from '#sso/sign-in/sign-in.ts';

/** User name and password: how every sign-in begins. */
export const createPasswordStep = ({
  context,
  hasher,
}: {
  context: PartContext;
  hasher: PasswordHasher;
}): Step => ({
  name: 'password',
  isDue: ({ progress }) => progress === undefined,
  show({ show, interaction }) {
    show('sign-in', { username: interaction.params.login_hint });
  },
  async take({ show, facts }, { username = '', password = '' }) {
    const { call, db } = context;
    const verdict = await checkPassword({ call, db, hasher }, { username, password });
    if (verdict.outcome === 'right') return { staffId: verdict.staff.id, amr: ['pwd'] };
    const staffId = verdict.outcome === 'barred' ? verdict.staff.id : verdict.staffId;
    const subject = `staff/${staffId ?? 'unknown'}`;
    await appendAudit(db, {
      actor: subject,
      action: 'sign-in.refused',
      object: subject,
      detail: { reason: verdict.outcome, zone: facts.zone },
      requestId: facts.requestId,
    });
    show('sign-in', { username }, { key: `sso.sign-in.${verdict.outcome}` });
    return undefined;
  },
});
