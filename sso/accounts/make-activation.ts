import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Staff } from '#schemas/staff.ts';
import { hashCode, makeCode, showCode } from '#sso/accounts/activation-code.ts';
import { keepActivation } from '#sso/accounts/activation-store.ts';

/** What is handed to a person, once: the code, and a page that has it filled in. */
interface Activation {
  code: string;
  url: string;
  expiresAt: Date;
}

/**
 * Makes a code by which a person may choose a password. The password they have stays good until then, so that a code
 * made for the wrong person harms nobody.
 *
 * @throws {AppError} `not-active` for who has left or is suspended
 */
export const makeActivation = async (
  { db, secrets, config }: Pick<PartContext, 'db' | 'secrets' | 'config'>,
  { staff, actor, requestId }: { staff: Staff; actor: string; requestId: string },
): Promise<Activation> => {
  if (staff.status !== 'active') throw new AppError('not-active');
  const code = makeCode();
  const expiresAt = await inTransaction(db, async tx => {
    await appendAudit(tx, { actor, action: 'activation.made', object: `staff/${staff.id}`, requestId });
    return keepActivation(tx, {
      staffId: staff.id,
      codeHash: hashCode(secrets, staff.id, code),
      madeBy: actor,
      hours: config.signOn.activationHours,
    });
  });
  const query = new URLSearchParams({ name: staff.username, code: showCode(code) });
  return { code: showCode(code), url: `${config.origin}/sso/activate?${query}`, expiresAt };
};
