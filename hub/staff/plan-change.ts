import type { DecisionState, PositionState, SalaryState, StaffState } from '#hub/staff/staff-state.ts';
import { mainPosition } from '#hub/staff/staff-state.ts';
import type { EventName } from '#schemas/event.ts';
import type { Decision } from '#schemas/hr-record.ts';
import type { StaffChange } from '#schemas/staff.ts';

/** A planned change of one person: the state after it, what to write beside it, and the facts that it makes. */
export interface PlannedChange {
  after: StaffState;
  changed: string[];
  events: EventName[];
  endedPositions: PositionState[];
  newPositions: PositionState[];
  newSteps: SalaryState[];
  newDecisions: DecisionState[];
}

const simpleFields = ['code', 'name', 'birthDate', 'birthYear', 'gender', 'phone'] as const;

/** What their owners may set over what is known. */
const ownFields = ['email', 'phone', 'username'] as const;

const samePost = (a: PositionState, b: PositionState): boolean =>
  a.unitId === b.unitId && a.title === b.title && a.main === b.main;

/** The posts after the change; undefined when the record says nothing of posts. */
const postsAfter = (state: StaffState, change: StaffChange): PositionState[] | undefined => {
  const { record } = change;
  if (record.positions !== undefined)
    return record.positions.map((position, at) => ({
      unitId: change.unitIds![at]!,
      title: position.title,
      main: position.main,
      from: position.from ?? null,
    }));
  if (record.mainPosition === undefined || change.mainUnitId === undefined) return undefined;
  const before = mainPosition(state);
  const title =
    record.mainPosition.title !== '' || before?.unitId !== change.mainUnitId
      ? record.mainPosition.title
      : before.title;
  return [
    { unitId: change.mainUnitId, title, main: true, from: record.mainPosition.from ?? null },
    ...state.positions.filter(position => !position.main),
  ];
};

const decisionsOf = (kind: DecisionState['kind'], list: Decision[] | undefined): DecisionState[] =>
  (list ?? []).map(decision => ({
    kind,
    title: decision.title,
    date: decision.date ?? null,
    year: decision.year ?? null,
    number: decision.number ?? null,
  }));

const isKnown = (known: DecisionState[], decision: DecisionState): boolean =>
  known.some(
    other =>
      other.kind === decision.kind &&
      other.title === decision.title &&
      other.date === decision.date &&
      other.year === decision.year,
  );

const statusEvent = (before: string, after: string): EventName =>
  after === 'left'
    ? 'staff.left'
    : after === 'suspended'
      ? 'staff.suspended'
      : before === after
        ? 'staff.updated'
        : 'staff.returned';

/** Orders facts as they would be told: who, where, what post, what pay. */
const eventOrder: EventName[] = [
  'staff.joined',
  'staff.returned',
  'staff.updated',
  'staff.moved',
  'position.ended',
  'position.assigned',
  'salary.changed',
  'award.granted',
  'discipline.recorded',
  'staff.suspended',
  'staff.left',
];

/**
 * What a record changes of a person. An absent property changes nothing; a mail address is taken only while
 * none is known (mail owns it), unless it comes from its owner (`own`); posts, steps and decisions are compared one by one. `created` marks a new
 * person, whose facts are told by `staff.joined` alone.
 */
export const planChange = (
  before: StaffState,
  change: StaffChange,
  options: { created: boolean; citizenHash: string | undefined },
): PlannedChange => {
  const { record } = change;
  const after: StaffState = { ...before };
  const changed: string[] = [];
  const events = new Set<EventName>();

  for (const field of simpleFields) {
    const value = record[field];
    if (value === undefined || value === before[field]) continue;
    (after as unknown as Record<string, unknown>)[field] = value;
    changed.push(field);
    events.add('staff.updated');
  }
  if (options.citizenHash !== undefined && options.citizenHash !== before.citizenHash) {
    after.citizenHash = options.citizenHash;
    changed.push('citizenNumber');
    events.add('staff.updated');
  }
  if (record.email !== undefined && before.email === null) {
    after.email = record.email;
    changed.push('email');
    events.add('staff.updated');
  }
  for (const field of ownFields) {
    const value = change.own?.[field];
    if (value === undefined || value === after[field]) continue;
    (after as unknown as Record<string, unknown>)[field] = value;
    if (!changed.includes(field)) changed.push(field);
    events.add('staff.updated');
  }
  if (record.status !== undefined && record.status !== before.status) {
    after.status = record.status;
    after.statusFrom = record.statusFrom ?? null;
    changed.push('status');
    events.add(statusEvent(before.status, record.status));
  }

  const posts = postsAfter(before, change);
  let endedPositions: PositionState[] = [];
  let newPositions: PositionState[] = [];
  if (posts !== undefined) {
    endedPositions = before.positions.filter(old => !posts.some(post => samePost(old, post)));
    newPositions = posts.filter(post => !before.positions.some(old => samePost(old, post)));
    if (endedPositions.length + newPositions.length > 0) {
      after.positions = [
        ...before.positions.filter(old => posts.some(post => samePost(old, post))),
        ...newPositions,
      ];
      changed.push('positions');
      const moved = mainPosition(before)?.unitId !== mainPosition(after)?.unitId;
      if (moved) events.add('staff.moved');
      if (endedPositions.some(post => !(moved && post.main))) events.add('position.ended');
      if (newPositions.some(post => !(moved && post.main))) events.add('position.assigned');
    }
  }

  const newSteps: SalaryState[] = [];
  if (record.salary !== undefined) {
    const step = record.salary;
    const known = before.salarySteps.some(
      other =>
        other.from === step.from &&
        other.rank === step.rank &&
        other.grade === step.grade &&
        other.coefficient === step.coefficient,
    );
    if (!known) {
      newSteps.push(step);
      after.salarySteps = [...before.salarySteps, step];
      if (before.salary === null || step.from >= before.salary.from) after.salary = step;
      changed.push('salary');
      events.add('salary.changed');
    }
  }

  const newDecisions = [
    ...decisionsOf('award', record.awards),
    ...decisionsOf('discipline', record.disciplines),
  ].filter(decision => !isKnown(before.decisions, decision));
  if (newDecisions.length > 0) {
    after.decisions = [...before.decisions, ...newDecisions];
    for (const kind of new Set(newDecisions.map(decision => decision.kind))) {
      changed.push(kind === 'award' ? 'awards' : 'disciplines');
      events.add(kind === 'award' ? 'award.granted' : 'discipline.recorded');
    }
  }

  const names: EventName[] = options.created ? ['staff.joined'] : eventOrder.filter(name => events.has(name));
  after.version = before.version + names.length;
  return { after, changed, events: names, endedPositions, newPositions, newSteps, newDecisions };
};
