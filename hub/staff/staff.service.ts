import PQueue from 'p-queue';
import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { applyChanges } from '#hub/staff/apply-changes.ts';
import { confirmEmail } from '#hub/staff/confirm-email.ts';
import { candidatesFor } from '#hub/staff/find-candidates.ts';
import { findStaff } from '#hub/staff/find-staff.ts';
import { readStaff } from '#hub/staff/read-staff.ts';
import { searchStaff } from '#hub/staff/search-staff.ts';
import { staffRoutes } from '#hub/staff/staff.routes.ts';
import { readAccount } from '#hub/staff/staff-account-store.ts';
import { readUnitMembers } from '#hub/staff/staff-find-store.ts';
import { countByUnit, countStaff, readCodeWidth, readHistory } from '#hub/staff/staff-search-store.ts';

/**
 * Changes applied at once. More gain nothing, since batches wait for each other's locks (ADR 3), and each that waits in
 * the database holds one of the connections that every other part needs. What somebody does by hand goes before batches.
 */
const atOnce = 4;

/** The staff register: each person once, every version kept, with who, when and from where. */
const createStaff: CreatePart = ({ db, call, secrets, wake }) => {
  const turns = new PQueue({ concurrency: atOnce });
  return {
    name: 'staff',
    actions: {
      'staff.get': async ({ id }) => {
        const [staff] = await readStaff(db, [id]);
        if (staff === undefined) throw new AppError('unknown-staff');
        return staff;
      },
      'staff.account': by => readAccount(db, by),
      'staff.snapshots': ({ ids }) => readStaff(db, ids),
      'staff.search': params => searchStaff(db, params),
      'staff.find': params => findStaff(db, params),
      'staff.unit-members': ({ unitIds }) => readUnitMembers(db, unitIds),
      'staff.history': ({ id }) => readHistory(db, id),
      'staff.candidates': ({ keys }) => candidatesFor(db, secrets, keys),
      'staff.apply': async params => {
        const outcomes = await turns.add(() => applyChanges(db, secrets, params), {
          priority: params.changes.length === 1 ? 1 : 0,
        });
        if (params.dryRun !== true) wake.notify('events');
        return outcomes;
      },
      'staff.confirm-email': async params => {
        const result = await confirmEmail(db, params);
        wake.notify('events');
        return result;
      },
      'staff.code-width': async () => {
        const width = await readCodeWidth(db);
        return width === undefined ? {} : { width };
      },
      'staff.counts': async ({ byUnit }) => ({
        ...(await countStaff(db)),
        ...(byUnit === true ? { byUnit: await countByUnit(db) } : {}),
      }),
    },
    routes: staffRoutes(call),
    stop: () => turns.onIdle(),
  };
};

export default createStaff;
