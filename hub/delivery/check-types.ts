import { AppError } from '#hub/platform/errors.ts';
import { type EventViewer, showEvent } from '#hub/platform/events/show-event.ts';
import { type EventName, eventNames, eventType } from '#schemas/event.ts';

/** Whether an app could ever see a fact of this kind: one that speaks of everything, in its own units. */
const couldSee = (name: EventName, viewer: EventViewer): boolean => {
  const type = eventType(name);
  const kind = name.startsWith('unit.')
    ? 'unit'
    : name.startsWith('account.')
      ? `account/${viewer.app}`
      : 'staff';
  const event = {
    type,
    subject: `${kind}/x`,
    subjectVersion: 1,
    source: '',
    actor: '',
    data: { staffId: 'x', unitId: 'x', staff: { positions: [] } },
    position: 1,
    xid: '1',
    id: 'x',
    at: new Date(0),
  };
  const { unitIds: _units, ...everywhere } = viewer.entitlement;
  return showEvent(event, { ...viewer, entitlement: everywhere }) !== undefined;
};

/**
 * Names (`staff.joined`) or whole types as whole types, each once.
 *
 * @throws {AppError} `invalid-request` with each one at fault: `unknown-event-type`, or `not-entitled`
 */
export const checkTypes = (given: string[], viewer: EventViewer): string[] => {
  const names = given.map(text => eventNames.find(name => name === text || eventType(name) === text));
  const faults = names.flatMap((name, at) => {
    const code =
      name === undefined ? 'unknown-event-type' : couldSee(name, viewer) ? undefined : 'not-entitled';
    return code === undefined ? [] : [{ pointer: `/types/${at}`, code }];
  });
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
  return [...new Set(names.map(name => eventType(name!)))];
};
