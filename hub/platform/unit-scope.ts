import type { StaffCondition } from '#schemas/staff-query.ts';

/** Unit → the unit above it. */
export type UnitParents = ReadonlyMap<string, string | undefined>;

/** Whether a unit is one of those named or lies below one of them. */
export const isBelow = (unitId: string, scope: ReadonlySet<string>, parents: UnitParents): boolean => {
  const seen = new Set<string>();
  for (let at: string | undefined = unitId; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (scope.has(at)) return true;
    seen.add(at);
  }
  return false;
};

/** Whether a person holds any post in the units named or below them. No units named: the whole province. */
export const isInScope = (
  staff: { unitId?: string; positions: readonly { unitId: string }[] },
  unitIds: readonly string[] | undefined,
  parents: UnitParents,
): boolean => {
  if (unitIds === undefined) return true;
  const scope = new Set(unitIds);
  const units = new Set(staff.positions.map(position => position.unitId));
  if (staff.unitId !== undefined) units.add(staff.unitId);
  return [...units].some(unit => isBelow(unit, scope, parents));
};

/** The same as a condition for the register, over units with all that lie below them. */
export const holdsPostIn = (unitIds: string[]): StaffCondition => ({
  any: [{ field: 'unitId', in: unitIds }, { post: { field: 'unitId', in: unitIds } }],
});
