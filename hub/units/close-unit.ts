import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { bumpVersions, closePeriods, findUnit, listUnits } from '#hub/units/units-store.ts';
import { eventType } from '#schemas/event.ts';
import type { Unit } from '#schemas/unit.ts';

const isDay = (text: string): boolean => {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
};

const wrongDay = (detail: string): AppError =>
  new AppError('invalid-request', {}, { faults: [{ pointer: '/at', code: 'day-out-of-range', detail }] });

/**
 * Ends a unit that nobody takes over from (giải thể): from the day `at` on it is no more. `countPeople` tells how
 * many hold posts in it. It goes empty, so that nobody and no unit is left below what is no more: they are counted under the
 * lock of the units, which whoever gives people posts holds too (`holdSubject`).
 *
 * @throws {AppError} `unknown-unit`; `unit-closed` when it has ended already; `unit-in-use` while units lie below it or
 * people are in it; `invalid-request` for a day to come, or before it was as it is now
 */
export const closeUnit = (
  db: Database,
  request: { unitId: string; at: string; countPeople(): Promise<number>; source: string; actor: string },
): Promise<Unit> =>
  inTransaction(db, async tx => {
    const { unitId, at, countPeople } = request;
    await lockSubjects(tx, ['units']);
    const unit = await findUnit(tx, unitId);
    if (unit === undefined) throw new AppError('unknown-unit', { unit: unitId });
    if (unit.validTo !== undefined) throw new AppError('unit-closed', { unit: unit.name, at: unit.validTo });
    const now = today();
    if (!isDay(at)) throw wrongDay('yyyy-mm-dd');
    // What is in force is told without a date: a day to come would end the unit at once.
    if (at > now) throw wrongDay(`≤ ${now}`);
    if (at <= unit.validFrom) throw wrongDay(`> ${unit.validFrom}`);
    const people = await countPeople();
    const below = (await listUnits(tx, { parentId: unitId })).length;
    if (below + people > 0) throw new AppError('unit-in-use', { unit: unit.name, below, people });
    await closePeriods(tx, [unitId], at);
    const versions = await bumpVersions(tx, [unitId]);
    await appendEvents(tx, [
      {
        type: eventType('unit.closed'),
        subject: `unit/${unitId}`,
        subjectVersion: versions.get(unitId)!,
        source: request.source,
        actor: request.actor,
        data: { unitId, at },
      },
    ]);
    return (await findUnit(tx, unitId))!;
  });
