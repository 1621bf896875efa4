import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import { bumpVersions, closePeriods, findUnit, insertSuccessors } from '#hub/units/units-store.ts';
import { eventType } from '#schemas/event.ts';
import type { Unit } from '#schemas/unit.ts';

/**
 * Closes units from the day `at` on and names their successor. People stay where they are until the HR
 * source moves them; a record that still names a closed unit is led to the successor.
 *
 * @throws {AppError} `unknown-unit`; `unit-closed` for one that has ended already
 */
export const mergeUnits = (
  db: Database,
  request: { unitIds: string[]; successorId: string; at: string; source: string; actor: string },
): Promise<Unit> =>
  inTransaction(db, async tx => {
    await lockSubjects(tx, ['units']);
    for (const id of [...request.unitIds, request.successorId]) {
      const unit = await findUnit(tx, id);
      if (unit === undefined) throw new AppError('unknown-unit', { unit: id });
      if (unit.validTo !== undefined)
        throw new AppError('unit-closed', { unit: unit.name, at: unit.validTo });
    }
    const closing = request.unitIds.filter(id => id !== request.successorId);
    await closePeriods(tx, closing, request.at);
    await insertSuccessors(tx, closing, request.successorId, request.at);
    const versions = await bumpVersions(tx, closing);
    await appendEvents(
      tx,
      closing.map(id => ({
        type: eventType('unit.merged'),
        subject: `unit/${id}`,
        subjectVersion: versions.get(id)!,
        source: request.source,
        actor: request.actor,
        data: { unitId: id, successorId: request.successorId, at: request.at },
      })),
    );
    return (await findUnit(tx, request.successorId))!;
  });
