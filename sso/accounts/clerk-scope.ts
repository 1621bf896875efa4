import type { Call } from '#hub/platform/calls.ts';
import { isBelow } from '#hub/platform/unit-scope.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import type { Staff } from '#schemas/staff.ts';

/** Whether a person's main post is in the clerk's own unit or below it. A post on the side gives a clerk no power. */
const isInCareOf = async (call: Call, clerk: Staff, person: Staff): Promise<boolean> => {
  if (clerk.unitId === undefined || person.unitId === undefined) return false;
  const units = await call('units.latest', {});
  const parents = new Map(units.map(({ id, parentId }) => [id, parentId]));
  return isBelow(person.unitId, new Set([clerk.unitId]), parents);
};

/** Why a clerk may not help a person; undefined: they may. */
export const whyNot = async (
  call: Call,
  { clerk, person, roles }: { clerk: Staff; person: Staff; roles: StaffRole[] },
): Promise<'not-active' | 'not-yours' | 'has-role' | undefined> => {
  if (person.status !== 'active') return 'not-active';
  if (!(await isInCareOf(call, clerk, person))) return 'not-yours';
  return roles.length > 0 ? 'has-role' : undefined;
};
