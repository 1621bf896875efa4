import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { insertDelegation } from '#hub/signing/delegation-store.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { signingCommands } from '#schemas/commands/signing.ts';

/** `signing.delegate`: lets somebody else decide for a period and within limits. @throws AppError `invalid-request` */
export const delegate = (
  db: Database,
  {
    staffId,
    toStaffId,
    from,
    until,
    limits = {},
    actor,
  }: ParamsOf<(typeof signingCommands)['signing.delegate']>,
): Promise<{ id: string }> => {
  if (until < from || staffId === toStaffId)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/until', code: 'bad-period' }] });
  return inTransaction(db, async tx => {
    const id = await insertDelegation(tx, { staffId, toStaffId, from, until, limits });
    const detail = { id, toStaffId, from, until, limits };
    await appendAudit(tx, { actor, action: 'signing.delegated', object: `staff/${staffId}`, detail });
    return { id };
  });
};
