import { headRank } from '#hub/flows/look-up/heads.ts';
import { flowsApp } from '#hub/flows/messages/show-to-flows.ts';
import { entitledAttributes } from '#hub/platform/entitled-attributes.ts';
import { showStaff } from '#hub/platform/entitled-staff.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { isInScope } from '#hub/platform/unit-scope.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { flowCommands } from '#schemas/commands/flows.ts';
import type { Staff } from '#schemas/staff.ts';
import type { Unit } from '#schemas/unit.ts';

type Context = Pick<PartContext, 'call' | 'viewers'>;
const most = 500;

/** People as flows may see them: by the entitlement of the app `flows`. */
const seenBy = async ({ call }: Context) => {
  const { entitlement } = await call('apps.get', { id: flowsApp });
  const names = entitledAttributes(entitlement, true);
  const seen = {
    attributes: [...names],
    ...(entitlement.unitIds === undefined ? {} : { unitIds: entitlement.unitIds }),
  };
  return { seen, show: (staff: Staff) => showStaff(staff, names) };
};

/** Finds people: one by id, staff code or user name; by name (accents or not), in a unit, or of a unit and below. */
export const findStaff = async (
  context: Context,
  { by, value, unitId, subtree }: ParamsOf<(typeof flowCommands)['flows.find-staff']>,
): Promise<Record<string, unknown>[]> => {
  const { call } = context;
  const { seen, show } = await seenBy(context);
  const scope = {
    ...(unitId === undefined ? {} : { unitId }),
    ...(subtree === undefined ? {} : { subtree }),
    seen,
    status: 'active' as const,
    limit: most,
  };
  if (by === 'id') {
    const parents = (await context.viewers.ofApp(flowsApp))?.parents ?? new Map();
    const found = await call('staff.snapshots', { ids: [value ?? ''] });
    return found.filter(staff => isInScope(staff, seen.unitIds, parents)).map(show);
  }
  const { items } = await call('staff.search', value === undefined ? scope : { ...scope, q: value });
  if (by === 'code') return items.filter(({ code }) => code === value).map(show);
  if (by === 'username') return items.filter(({ username }) => username === value).map(show);
  return items.map(show);
};

/** Finds units: by id, code (either form) or name, accents or not. */
export const findUnits = async (
  { call }: Context,
  { by, value }: ParamsOf<(typeof flowCommands)['flows.find-unit']>,
): Promise<Unit[]> => {
  if (by === 'id') return [await call('units.get', { id: value })];
  if (by === 'name') return call('units.list', { q: value });
  const units = await call('units.list', {});
  return units.filter(({ code, code2016, code2020 }) => [code, code2016, code2020].includes(value));
};

/** Who leads a unit: of the people in service there, by title. @throws {AppError} `unknown-staff` when nobody does */
export const findHead = async (
  context: Context,
  { unitId }: ParamsOf<(typeof flowCommands)['flows.find-head']>,
): Promise<Record<string, unknown>> => {
  const { seen, show } = await seenBy(context);
  const { items } = await context.call('staff.search', { unitId, seen, status: 'active', limit: most });
  const [head] = items
    .flatMap(staff =>
      staff.positions
        .filter(post => post.unitId === unitId)
        .map(({ title }) => ({ staff, rank: headRank(title ?? '') ?? Number.POSITIVE_INFINITY })),
    )
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((one, other) => one.rank - other.rank);
  if (head === undefined) throw new AppError('unknown-staff', { id: `head of ${unitId}` });
  return show(head.staff);
};
