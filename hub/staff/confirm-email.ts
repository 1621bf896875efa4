import { type Database, inTransaction } from '#hub/platform/database.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import { loadStates, loadUnitNames } from '#hub/staff/staff-load-store.ts';
import { insertVersions, updateStates } from '#hub/staff/staff-write-store.ts';
import { toStaff } from '#hub/staff/to-staff.ts';
import { eventType } from '#schemas/event.ts';

/** Takes over the addresses that the mail software answered with; equal ones change nothing. */
export const confirmEmail = (
  db: Database,
  request: { addresses: { staffId: string; email: string }[]; source: string },
): Promise<{ changed: number }> =>
  inTransaction(db, async tx => {
    const wanted = new Map(request.addresses.map(({ staffId, email }) => [staffId, email]));
    await lockSubjects(
      tx,
      [...wanted.keys()].map(id => `staff/${id}`),
    );
    const changed = (await loadStates(tx, [...wanted.keys()]))
      .filter(state => state.email !== wanted.get(state.id))
      .map(state => ({ ...state, email: wanted.get(state.id)!, version: state.version + 1 }));
    await updateStates(
      tx,
      changed.map(state => ({ state, citizenCipher: undefined })),
    );
    const units = await loadUnitNames(
      tx,
      changed.flatMap(state => state.positions.map(position => position.unitId)),
    );
    const by = { actor: request.source, source: request.source };
    await insertVersions(
      tx,
      changed.map(state => ({
        staff_id: state.id,
        version: state.version,
        ...by,
        origin: null,
        changed: ['email'],
        snapshot: toStaff(state, units) as unknown as Record<string, unknown>,
      })),
    );
    await appendEvents(
      tx,
      changed.map(state => ({
        type: eventType('staff.updated'),
        subject: `staff/${state.id}`,
        subjectVersion: state.version,
        ...by,
        data: { staffId: state.id, changed: ['email'], staff: toStaff(state, units) },
      })),
    );
    return { changed: changed.length };
  });
