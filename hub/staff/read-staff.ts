import type { Database } from '#hub/platform/database.ts';
import { loadStates, loadUnitNames } from '#hub/staff/staff-load-store.ts';
import { toStaff } from '#hub/staff/to-staff.ts';
import type { Staff } from '#schemas/staff.ts';

/** The people with these ids as known now, in no order; unknown ids are absent. */
export const readStaff = async (db: Database, ids: string[]): Promise<Staff[]> => {
  const states = await loadStates(db, ids);
  const units = await loadUnitNames(db, [
    ...new Set(states.flatMap(state => state.positions.map(position => position.unitId))),
  ]);
  return states.map(state => toStaff(state, units));
};
