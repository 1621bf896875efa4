import { randomUUID } from 'node:crypto';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { holdSubject, lockSubjects } from '#hub/platform/event-log.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { usernameBase } from '#hub/platform/vietnamese/username.ts';
import { planChange } from '#hub/staff/plan-change.ts';
import { readUsername } from '#hub/staff/read-username.ts';
import {
  type Holder,
  loadApplied,
  loadEndedUnits,
  loadHolders,
  loadStates,
  loadUsernameHolders,
  loadUsernameNumbers,
} from '#hub/staff/staff-load-store.ts';
import type { StaffState } from '#hub/staff/staff-state.ts';
import { type AppliedChange, writeChanges } from '#hub/staff/write-changes.ts';
import type { StaffChange, StaffOutcome } from '#schemas/staff.ts';

export interface ApplyRequest {
  changes: StaffChange[];
  source: string;
  actor: string;
  dryRun?: boolean;
}

const blank = (id: string, change: StaffChange, username: string): StaffState => ({
  id,
  version: 0,
  status: 'active',
  statusFrom: null,
  code: change.record.code!,
  citizenHash: null,
  name: change.record.name,
  username,
  birthDate: null,
  birthYear: null,
  gender: null,
  email: null,
  phone: null,
  positions: [],
  salary: null,
  salarySteps: [],
  decisions: [],
});

const refusal = (
  change: StaffChange,
  code: string,
  params: Record<string, string | number> = {},
): StaffOutcome => ({
  origin: change.origin,
  outcome: 'refused',
  error: { code, params },
});

const describeHolder = (holder: Holder): string =>
  holder.unitName === null ? holder.name : `${holder.name} (${holder.unitName})`;

/**
 * Applies changes in one transaction: state, versions and events together. The locks of every person,
 * code, citizen number and user name that may be touched are taken by the first statement (ADR 0003).
 */
export const applyChanges = (
  db: Database,
  secrets: Secrets,
  request: ApplyRequest,
): Promise<StaffOutcome[]> =>
  inTransaction(db, async tx => {
    const { changes, source, actor } = request;
    const hashes = changes.map(({ record }) =>
      record.citizenNumber === undefined
        ? undefined
        : secrets.keyedHash('citizen-number', record.citizenNumber).toString('hex'),
    );
    const bases = changes.map(change =>
      change.staffId === undefined
        ? usernameBase(change.record.name)
        : change.own?.username === undefined
          ? undefined
          : readUsername(change.own.username).base,
    );
    await lockSubjects(tx, [
      ...changes.flatMap(({ staffId }) => (staffId === undefined ? [] : [`staff/${staffId}`])),
      ...changes.flatMap(({ record }) => (record.code === undefined ? [] : [`staff-code/${record.code}`])),
      ...hashes.flatMap(hash => (hash === undefined ? [] : [`citizen/${hash}`])),
      ...bases.flatMap(base => (base === undefined ? [] : [`username/${base}`])),
    ]);

    const unitIds = [...new Set(changes.flatMap(change => change.unitIds ?? []))];
    if (unitIds.length > 0) await holdSubject(tx, 'units');
    const ended = await loadEndedUnits(tx, unitIds);
    const earlier = new Map(
      (
        await loadApplied(
          tx,
          changes.map(change => change.origin),
        )
      ).map(row => [row.origin, row]),
    );
    const states = new Map(
      (
        await loadStates(
          tx,
          changes.flatMap(({ staffId }) => staffId ?? []),
        )
      ).map(state => [state.id, state]),
    );
    const holders = await loadHolders(
      tx,
      changes.flatMap(({ record }) => record.code ?? []),
      hashes.flatMap(hash => hash ?? []),
    );
    const byCode = new Map(holders.map(holder => [holder.code, holder]));
    const byCitizen = new Map(
      holders.flatMap(holder => (holder.citizenHash === null ? [] : [[holder.citizenHash, holder]])),
    );
    const numbers = await loadUsernameNumbers(
      tx,
      bases.flatMap(base => base ?? []),
    );
    const usernameHolders = await loadUsernameHolders(
      tx,
      changes.flatMap(({ own }) => own?.username ?? []),
    );
    const usernames: { username: string; base: string; number: number; staff_id: string }[] = [];
    const applied: AppliedChange[] = [];

    const applyOne = (change: StaffChange, at: number): StaffOutcome => {
      const before = earlier.get(change.origin);
      if (before !== undefined)
        return {
          origin: change.origin,
          outcome: before.version === 1 ? 'created' : 'changed',
          staffId: before.staffId,
          changed: before.changed,
        };
      const { record } = change;
      const citizenHash = hashes[at];
      const id = change.staffId ?? randomUUID();
      const codeHolder = record.code === undefined ? undefined : byCode.get(record.code);
      if (codeHolder !== undefined && codeHolder.id !== id)
        return refusal(change, 'code-held-by-another', {
          code: record.code!,
          holder: describeHolder(codeHolder),
        });
      const citizenHolder = citizenHash === undefined ? undefined : byCitizen.get(citizenHash);
      if (citizenHolder !== undefined && citizenHolder.id !== id)
        return refusal(change, 'citizen-number-held-by-another', { holder: describeHolder(citizenHolder) });

      // People stay in a unit that was merged; nobody comes to one that is no more.
      const held = new Set(states.get(id)?.positions.map(position => position.unitId));
      const closed = change.unitIds?.find(unitId => ended.has(unitId) && !held.has(unitId));
      if (closed !== undefined) {
        const { name, at } = ended.get(closed)!;
        return refusal(change, 'unit-closed', { unit: name, at });
      }
      let state = states.get(id);
      const created = change.staffId === undefined;
      if (created) {
        if (record.code === undefined) return refusal(change, 'code-missing');
        const base = bases[at]!;
        const number = (numbers.get(base) ?? 0) + 1;
        numbers.set(base, number);
        const username = number === 1 ? base : `${base}${number}`;
        usernames.push({ username, base, number, staff_id: id });
        state = blank(id, change, username);
      }
      if (state === undefined) return refusal(change, 'unknown-staff');
      if (change.ifVersion !== undefined && change.ifVersion !== state.version)
        return refusal(change, 'conflict');
      const username = change.own?.username;
      if (username !== undefined && username !== state.username) {
        const holderId = usernameHolders.get(username);
        if (holderId !== undefined && holderId !== id)
          return refusal(change, 'username-held-by-another', { username });
        if (holderId === undefined) usernames.push({ username, ...readUsername(username), staff_id: id });
        usernameHolders.set(username, id);
      }
      const plan = planChange(state, change, { created, citizenHash });
      if (!created && plan.changed.length === 0)
        return { origin: change.origin, outcome: 'unchanged', staffId: id };
      applied.push({ change, plan, before: state, created });
      // Later changes of this batch see this one.
      states.set(id, plan.after);
      const holder: Holder = {
        id,
        code: plan.after.code,
        citizenHash: plan.after.citizenHash,
        name: plan.after.name,
        unitName: null,
      };
      byCode.delete(state.code);
      byCode.set(plan.after.code, holder);
      if (plan.after.citizenHash !== null) byCitizen.set(plan.after.citizenHash, holder);
      return {
        origin: change.origin,
        outcome: created ? 'created' : 'changed',
        staffId: id,
        changed: plan.changed,
      };
    };

    const outcomes = changes.map(applyOne);
    if (request.dryRun !== true) await writeChanges(tx, secrets, { applied, usernames, source, actor });
    return outcomes;
  });
