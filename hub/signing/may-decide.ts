import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { delegatorsOf } from '#hub/signing/delegation-store.ts';
import type { StepRow } from '#hub/signing/step-store.ts';

/** For whom a person may decide: themselves, who delegated to them, and as a clerk the organisation that they work for. */
export interface Powers {
  staffIds: string[];
  unitIds: string[];
}

export const powersOf = async (
  { call, db }: Pick<PartContext, 'call' | 'db'>,
  staffId: string,
): Promise<Powers> => {
  const person = await call('staff.get', { id: staffId });
  if (person.status !== 'active') return { staffIds: [], unitIds: [] };
  const roles = await call('sso.roles', { staffId });
  return {
    staffIds: [staffId, ...(await delegatorsOf(db, staffId, today()))],
    unitIds: roles.includes('clerk') && person.unitId !== undefined ? [person.unitId] : [],
  };
};

/** Pure. */
export const mayDecide = (powers: Powers, step: Pick<StepRow, 'staffId' | 'unitId'>): boolean =>
  (step.staffId !== null && powers.staffIds.includes(step.staffId)) ||
  (step.unitId !== null && powers.unitIds.includes(step.unitId));
