import { createCredential } from '#hub/key-service/create-credential.ts';
import { credentialsOf } from '#hub/key-service/credential-store.ts';
import { hashPin, isTooSimple } from '#hub/key-service/pin.ts';
import { setPin } from '#hub/key-service/pin-store.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { demandSecondFactor } from '#hub/key-service/second-factor.ts';
import { subjectOf } from '#hub/key-service/subject-of.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { keyServiceCommands } from '#schemas/commands/key-service.ts';

/** In the subject, so that the authority sees it too. */
const mark = 'Chứng thư tạm thời';
const shortestPin = 6;

/**
 * A key for the meantime in which its holder's usual device is in trouble, with a PIN of their own. One whose certificate is
 * still waited for is not made again, and gets the new PIN.
 *
 * @throws AppError `pin-too-simple`, `second-factor-needed`, `not-active`, `signing-service-unavailable`
 */
export const createTemporary = async (
  context: Pick<PartContext, 'db' | 'call'> & { readonly token: TokenClient },
  { staffId, pin, days, factorAt }: ParamsOf<(typeof keyServiceCommands)['key-service.create-temporary']>,
): Promise<{ credentialId: string }> => {
  const { db } = context;
  if (pin.length < shortestPin || isTooSimple(pin)) throw new AppError('pin-too-simple');
  await demandSecondFactor(context, { staffId, factorAt });
  const asked = (await credentialsOf(db, { staffIds: [staffId] })).find(
    row => row.temporaryDays !== null && row.certificate === null && row.revokedAt === null,
  );
  if (asked !== undefined) {
    const pinHash = await hashPin(pin);
    await inTransaction(db, tx => setPin(tx, asked.id, { pinHash, once: false }));
    return { credentialId: asked.id };
  }
  const subject = { ...(await subjectOf(context, { staffId })), OU: mark };
  const { credentialId } = await createCredential(context, {
    ...{ staffId, subject, pin, temporaryDays: days, actor: `staff/${staffId}` },
  });
  return { credentialId };
};
