import { randomUUID } from 'node:crypto';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import {
  bumpVersions,
  closePeriods,
  endedCodes,
  insertPeriods,
  insertUnits,
  listUnits,
  type PeriodRow,
} from '#hub/units/units-store.ts';
import { eventType } from '#schemas/event.ts';
import type { Unit, UnitEntry } from '#schemas/unit.ts';

const toRow = (entry: UnitEntry, id: string, parentId: string | undefined, from: string): PeriodRow => ({
  unit_id: id,
  valid_from: from,
  code: entry.code,
  name: entry.name.normalize('NFC'),
  folded: fold(entry.name),
  level: entry.level,
  parent_id: parentId ?? null,
  code_2016: entry.code2016 ?? null,
  code_2020: entry.code2020 ?? null,
  codes_synthetic: entry.codesSynthetic ?? false,
});

const isSame = (unit: Unit, row: PeriodRow): boolean =>
  unit.name === row.name &&
  unit.level === row.level &&
  (unit.parentId ?? null) === row.parent_id &&
  (unit.code2016 ?? null) === row.code_2016 &&
  (unit.code2020 ?? null) === row.code_2020;

/** A unit that exists before the register: so far back that no record of a person is older. */
const longAgo = '1900-01-01';

/**
 * Brings a list of units into the register in one transaction: new codes are created, changed ones get a
 * new period from `validFrom` (today) on. A parent must be in the list or in the register. An old list brings back no
 * unit that has ended; a new unit may bear its code from that day on.
 *
 * @throws {AppError} `unknown-unit` for a parent; `unit-closed` for a code of a unit that is no more
 */
export const loadUnits = (
  db: Database,
  request: { units: UnitEntry[]; source: string; actor: string },
): Promise<{ created: number; updated: number; unchanged: number }> =>
  inTransaction(db, async tx => {
    await lockSubjects(tx, ['units']);
    const known = new Map((await listUnits(tx, {})).map(unit => [unit.code, unit]));
    const ended = await endedCodes(
      tx,
      request.units.map(({ code }) => code),
    );
    const ids = new Map<string, string>();
    for (const entry of request.units) ids.set(entry.code, known.get(entry.code)?.id ?? randomUUID());
    const now = today();
    const created: PeriodRow[] = [];
    const changed: PeriodRow[] = [];
    for (const entry of request.units) {
      const unit = known.get(entry.code);
      const endedAt = ended.get(entry.code);
      if (endedAt !== undefined && (entry.validFrom ?? longAgo) < endedAt)
        throw new AppError('unit-closed', { unit: entry.code, at: endedAt });
      const parentId =
        entry.parentCode === undefined || entry.parentCode === ''
          ? undefined
          : (ids.get(entry.parentCode) ?? known.get(entry.parentCode)?.id);
      if (entry.parentCode && parentId === undefined)
        throw new AppError('unknown-unit', { unit: entry.parentCode });
      if (unit === undefined)
        created.push(toRow(entry, ids.get(entry.code)!, parentId, entry.validFrom ?? longAgo));
      else {
        const row = toRow(entry, unit.id, parentId, entry.validFrom ?? now);
        if (!isSame(unit, row)) changed.push(row);
      }
    }
    await insertUnits(
      tx,
      created.map(row => row.unit_id),
    );
    for (const row of changed) await closePeriods(tx, [row.unit_id], row.valid_from);
    await insertPeriods(tx, [...created, ...changed]);
    const rows = [...created, ...changed];
    const versions = await bumpVersions(
      tx,
      rows.map(row => row.unit_id),
    );
    await appendEvents(
      tx,
      rows.map((row, at) => ({
        type: eventType(at < created.length ? 'unit.created' : 'unit.updated'),
        subject: `unit/${row.unit_id}`,
        subjectVersion: versions.get(row.unit_id)!,
        source: request.source,
        actor: request.actor,
        data: {
          unitId: row.unit_id,
          code: row.code,
          name: row.name,
          level: row.level,
          parentId: row.parent_id,
        },
      })),
    );
    return {
      created: created.length,
      updated: changed.length,
      unchanged: request.units.length - rows.length,
    };
  });
