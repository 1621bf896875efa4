import { createHash, randomBytes } from 'node:crypto';
import { insertLeave } from '#hub/key-service/leave-store.ts';
import { demandPin } from '#hub/key-service/pin.ts';
import { demandSecondFactor } from '#hub/key-service/second-factor.ts';
import { demandTheirs, demandUsable } from '#hub/key-service/usable-credential.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { keyServiceCommands } from '#schemas/commands/key-service.ts';

const leaveMs = 5 * 60_000;

export const sadHash = (sad: string): Buffer => createHash('sha256').update(sad).digest();

/** One digest for all hashes in their order: a SAD is good for exactly these. */
export const digestOf = (hashes: string[]): Buffer =>
  hashes.reduce((hash, one) => hash.update(Buffer.from(one, 'base64')), createHash('sha256')).digest();

/**
 * Leave for exactly these hashes, once, for five minutes: by the holder's PIN and a second factor.
 *
 * @throws AppError `unknown-signing-key`, `signing-key-not-active`, `pin-not-chosen`, `wrong-pin`, `second-factor-needed`,
 * `wrong-code`, `not-active` (the person has left or is suspended)
 */
export const authorise = async (
  context: Pick<PartContext, 'db' | 'call'>,
  request: ParamsOf<(typeof keyServiceCommands)['key-service.authorise']>,
): Promise<{ sad: string; expiresAt: string }> => {
  const { db, call } = context;
  const { approver: staffId, pin, otp, factorAt } = request;
  const row = await demandTheirs(db, request.credentialId, staffId);
  demandUsable(row);
  if ((await call('staff.account', { id: staffId }))?.status !== 'active') throw new AppError('not-active');
  await demandPin(db, row, { pin, staffId });
  await demandSecondFactor(context, { staffId, otp, factorAt });
  const sad = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + leaveMs);
  await inTransaction(db, async tx => {
    await insertLeave(tx, {
      sadHash: sadHash(sad),
      credentialId: row.id,
      approver: staffId,
      hashes: digestOf(request.hashes),
      expiresAt,
    });
    await appendAudit(tx, {
      actor: `staff/${staffId}`,
      action: 'signing-key.authorised',
      object: `signing-key/${row.id}`,
      detail: { hashes: request.hashes.length },
    });
  });
  return { sad, expiresAt: expiresAt.toISOString() };
};
