import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { handOverSteps } from '#hub/signing/step-store.ts';

/**
 * Gives what still waits for somebody who left to another person, who signs it with their own key; what is signed stays so. `appId` undefined:
 * of all apps. Answers the requests; done again there are none.
 *
 * @throws {AppError} `invalid-request`: the first has not left, or the second does not work; `unknown-staff`
 */
export const handOver = async (
  { call, db, wake }: Pick<PartContext, 'call' | 'db' | 'wake'>,
  {
    staffId,
    toStaffId,
    appId,
    actor,
  }: { staffId: string; toStaffId: string; appId: string | undefined; actor: string },
): Promise<{ requestIds: string[] }> => {
  const wrong = (pointer: string, code: string) =>
    new AppError('invalid-request', {}, { faults: [{ pointer, code }] });
  const [from, to] = [await call('staff.get', { id: staffId }), await call('staff.get', { id: toStaffId })];
  if (from.status !== 'left') throw wrong('/staffId', 'still-there');
  if (to.status !== 'active') throw wrong('/toStaffId', 'not-active');
  const requestIds = await inTransaction(db, async tx => {
    const moved = await handOverSteps(tx, { staffId, toStaffId, appId });
    if (moved.length > 0)
      await appendAudit(tx, {
        ...{ actor, action: 'signing.handed-over', object: `staff/${staffId}` },
        detail: { toStaffId, requestIds: moved },
      });
    return moved;
  });
  wake.notify('signing');
  return { requestIds };
};
