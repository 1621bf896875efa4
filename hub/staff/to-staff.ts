import { type DecisionState, mainPosition, type StaffState } from '#hub/staff/staff-state.ts';
import type { Decision } from '#schemas/hr-record.ts';
import type { Staff } from '#schemas/staff.ts';

type UnitNames = Map<string, { code: string; name: string }>;

const decisions = (list: DecisionState[], kind: DecisionState['kind']): Decision[] =>
  list
    .filter(decision => decision.kind === kind)
    .map(({ title, date, year, number }) => ({
      title,
      ...(date === null ? {} : { date }),
      ...(year === null ? {} : { year }),
      ...(number === null ? {} : { number }),
    }));

/** The person in the words of `schemas/staff.ts`: nothing null, units named, no citizen number. */
export const toStaff = (state: StaffState, units: UnitNames): Staff => {
  const main = mainPosition(state);
  const unit = main === undefined ? undefined : units.get(main.unitId);
  const staff: Record<string, unknown> = {
    id: state.id,
    version: state.version,
    status: state.status,
    statusFrom: state.statusFrom,
    code: state.code,
    name: state.name,
    username: state.username,
    email: state.email,
    phone: state.phone,
    gender: state.gender,
    birthDate: state.birthDate,
    birthYear: state.birthYear,
    unitId: main?.unitId,
    unitCode: unit?.code,
    unitName: unit?.name,
    title: main?.title,
    positions: state.positions.map(position => ({
      unitId: position.unitId,
      unitCode: units.get(position.unitId)?.code ?? '',
      unitName: units.get(position.unitId)?.name ?? '',
      title: position.title,
      main: position.main,
      ...(position.from === null ? {} : { from: position.from }),
    })),
    rank: state.salary?.rank,
    grade: state.salary?.grade,
    coefficient: state.salary?.coefficient,
    coefficientFrom: state.salary?.from,
    awards: decisions(state.decisions, 'award'),
    disciplines: decisions(state.decisions, 'discipline'),
  };
  for (const key of Object.keys(staff))
    if (staff[key] === null || staff[key] === undefined) delete staff[key];
  return staff as Staff;
};
