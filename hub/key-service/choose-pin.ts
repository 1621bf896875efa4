import { demandPin, hashPin, isTooSimple } from '#hub/key-service/pin.ts';
import { setPin } from '#hub/key-service/pin-store.ts';
import { demandSecondFactor } from '#hub/key-service/second-factor.ts';
import { demandTheirs } from '#hub/key-service/usable-credential.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { keyServiceCommands } from '#schemas/commands/key-service.ts';

/**
 * A holder's own PIN: with the code that the IT centre gave them, later with the PIN until now, and always with a second
 * factor. Nobody else ever knows it.
 *
 * @throws AppError as `authorise`, and `pin-too-simple`; `conflict`: it was changed at the same moment
 */
export const choosePin = async (
  context: Pick<PartContext, 'db' | 'call'>,
  given: ParamsOf<(typeof keyServiceCommands)['key-service.choose-pin']>,
): Promise<void> => {
  const { db } = context;
  const { staffId } = given;
  const row = await demandTheirs(db, given.credentialId, staffId);
  if (isTooSimple(given.pin)) throw new AppError('pin-too-simple');
  await demandPin(db, row, { pin: given.current, staffId });
  await demandSecondFactor(context, given);
  const pinHash = await hashPin(given.pin);
  await inTransaction(db, async tx => {
    if (!(await setPin(tx, row.id, { pinHash, once: false, before: row.pinHash })))
      throw new AppError('conflict');
    await appendAudit(tx, {
      actor: `staff/${staffId}`,
      action: 'signing-key.pin-chosen',
      object: `signing-key/${row.id}`,
    });
  });
};
