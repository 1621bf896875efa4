import type { Tx } from '#hub/platform/database.ts';
import { appendEvents } from '#hub/platform/event-log.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { PlannedChange } from '#hub/staff/plan-change.ts';
import { loadUnitNames } from '#hub/staff/staff-load-store.ts';
import type { StaffState } from '#hub/staff/staff-state.ts';
import {
  insertStates,
  insertUsernames,
  insertVersions,
  updateStates,
  writeDetails,
} from '#hub/staff/staff-write-store.ts';
import { toStaff } from '#hub/staff/to-staff.ts';
import { eventType } from '#schemas/event.ts';
import type { StaffChange } from '#schemas/staff.ts';

/** A change with what it does to the person as they were just before it. */
export interface AppliedChange {
  change: StaffChange;
  plan: PlannedChange;
  before: StaffState;
  created: boolean;
}

/**
 * Writes what was planned: people, their versions and details, and the facts last, in the transaction that holds the
 * locks. Changes of one person come in their order.
 */
export const writeChanges = async (
  tx: Tx,
  secrets: Secrets,
  work: {
    applied: AppliedChange[];
    usernames: Parameters<typeof insertUsernames>[1];
    source: string;
    actor: string;
  },
): Promise<void> => {
  const { applied, usernames, source, actor } = work;
  // One row a person however often the batch names them: the last state, the last citizen number.
  const last = new Map<string, { state: StaffState; citizenCipher: string | undefined; created: boolean }>();
  for (const { change, plan, created } of applied) {
    const number = change.record.citizenNumber;
    const sealed = number === undefined ? undefined : secrets.seal('citizen-number', number).toString('hex');
    const known = last.get(plan.after.id);
    last.set(plan.after.id, {
      state: plan.after,
      citizenCipher: sealed ?? known?.citizenCipher,
      created: created || (known?.created ?? false),
    });
  }
  const people = [...last.values()];
  await insertUsernames(tx, usernames);
  await insertStates(
    tx,
    people.filter(person => person.created),
  );
  await updateStates(
    tx,
    people.filter(person => !person.created),
  );
  await writeDetails(
    tx,
    applied.map(({ plan }) => ({ staffId: plan.after.id, source, plan })),
  );
  const units = await loadUnitNames(tx, [
    ...new Set(people.flatMap(({ state }) => state.positions.map(position => position.unitId))),
  ]);
  const snapshots = applied.map(({ plan }) => toStaff(plan.after, units));
  await insertVersions(
    tx,
    applied.map(({ change, plan }, at) => ({
      staff_id: plan.after.id,
      version: plan.after.version,
      actor,
      source,
      origin: change.origin,
      changed: plan.changed,
      snapshot: snapshots[at] as Record<string, unknown>,
    })),
  );
  await appendEvents(
    tx,
    applied.flatMap(({ plan, before }, at) =>
      plan.events.map((name, nr) => ({
        type: eventType(name),
        subject: `staff/${plan.after.id}`,
        subjectVersion: before.version + nr + 1,
        source,
        actor,
        data: {
          staffId: plan.after.id,
          changed: plan.changed,
          staff: snapshots[at],
          // Who may see only some units must hear that a person left them.
          ...(plan.changed.includes('positions')
            ? { unitsBefore: before.positions.map(position => position.unitId) }
            : {}),
        },
      })),
    ),
  );
};
