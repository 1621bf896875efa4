import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { closeUnit } from '#hub/units/close-unit.ts';
import { loadUnits } from '#hub/units/load-units.ts';
import { mergeUnits } from '#hub/units/merge-units.ts';
import { resolveUnits } from '#hub/units/resolve-units.ts';
import { createUnitIndex } from '#hub/units/unit-index.ts';
import { unitRoutes } from '#hub/units/units.routes.ts';
import { findUnit, latestUnits, listUnits, unitPeriods } from '#hub/units/units-store.ts';

/** The province's units as a dated tree: what each is called, where it hangs, who took over from whom. */
const createUnits: CreatePart = ({ db, call, wake }) => {
  const index = createUnitIndex(db);
  return {
    name: 'units',
    actions: {
      'units.list': params => listUnits(db, params),
      'units.latest': () => latestUnits(db),
      'units.get': async ({ id }) => {
        const unit = await findUnit(db, id);
        if (unit === undefined) throw new AppError('unknown-unit', { unit: id });
        return unit;
      },
      'units.history': ({ id }) => unitPeriods(db, id),
      'units.resolve': async ({ texts }) => resolveUnits(await index.current(), texts),
      'units.load': async params => {
        const result = await loadUnits(db, params);
        index.forget();
        if (result.created + result.updated > 0) wake.notify('events');
        return result;
      },
      'units.merge': async params => {
        const unit = await mergeUnits(db, params);
        index.forget();
        wake.notify('events');
        return unit;
      },
      'units.close': async ({ id, ...params }) => {
        const countPeople = async () => (await call('staff.unit-members', { unitIds: [id] }))[id]?.count ?? 0;
        const unit = await closeUnit(db, { unitId: id, countPeople, ...params });
        index.forget();
        wake.notify('events');
        return unit;
      },
    },
    routes: unitRoutes(call),
  };
};

export default createUnits;
