import { entitledAttributes, salaryAttributes } from '#hub/platform/entitled-attributes.ts';
import { showChanges, showStaff } from '#hub/platform/entitled-staff.ts';
import { isBelow, isInScope, type UnitParents } from '#hub/platform/unit-scope.ts';
import type { Entitlement } from '#schemas/app.ts';
import type { Event } from '#schemas/event.ts';
import type { Staff } from '#schemas/staff.ts';

/** Who looks at the log: an app by its entitlement, or the IT centre (`app` undefined), who sees all. */
export interface EventViewer {
  app: string | undefined;
  entitlement: Pick<Entitlement, 'attributes' | 'unitIds' | 'eventTypes'>;
  /** False hides pay even from an app that is entitled to it: the token has no `hr.salary`. */
  salary: boolean;
  parents: UnitParents;
}

/** Facts that speak of one matter alone: without a right to it even their existence is not told. */
const matterOf: Record<string, readonly string[]> = {
  'staff.moved': ['unitId', 'title'],
  'position.assigned': ['unitId', 'title'],
  'position.ended': ['unitId', 'title'],
  'salary.changed': salaryAttributes,
  'award.granted': ['awards'],
  'discipline.recorded': ['disciplines'],
  'session.started': ['sessions'],
  'session.ended': ['sessions'],
};
const nameOf = (type: string): string => type.replace(/^vn\.lienthong\./, '').replace(/\.v\d+$/, '');

const showStaffEvent = (event: Event, name: string, viewer: EventViewer): Event | undefined => {
  const { staffId, changed, staff, unitsBefore } = event.data as {
    staffId: string;
    changed?: string[];
    staff: Staff;
    unitsBefore?: string[];
  };
  const names = entitledAttributes(viewer.entitlement, viewer.salary);
  if (matterOf[name]?.some(attribute => names.has(attribute)) === false) return undefined;
  const { unitIds } = viewer.entitlement;
  if (!isInScope(staff, unitIds, viewer.parents)) {
    const before = (unitsBefore ?? []).map(unitId => ({ unitId }));
    if (!isInScope({ positions: before }, unitIds, viewer.parents)) return undefined;
    // They left what this app may see: that they did is told, where to is not.
    const { id, version, status } = staff;
    return { ...event, data: { staffId, outOfScope: true, staff: { id, version, status } } };
  }
  const seen = changed && showChanges(changed, names);
  if (name === 'staff.updated' && seen?.length === 0) return undefined;
  return {
    ...event,
    data: { staffId, ...(seen === undefined ? {} : { changed: seen }), staff: showStaff(staff, names) },
  };
};

const showUnitEvent = (event: Event, { entitlement, parents }: EventViewer): Event | undefined => {
  if (entitlement.unitIds === undefined) return event;
  const scope = new Set(entitlement.unitIds);
  const { unitId, successorId } = event.data as { unitId: string; successorId?: string };
  return [unitId, successorId].some(id => id !== undefined && isBelow(id, scope, parents))
    ? event
    : undefined;
};

/** When people are at work is told of those whose units the app may see; which units they are is not. */
const showSessionEvent = (event: Event, name: string, viewer: EventViewer): Event | undefined => {
  const { units = [], ...data } = event.data as { units?: string[] };
  const { attributes, unitIds } = viewer.entitlement;
  if (matterOf[name]?.some(attribute => attributes.includes(attribute)) !== true) return undefined;
  const positions = units.map(unitId => ({ unitId }));
  return isInScope({ positions }, unitIds, viewer.parents) ? { ...event, data } : undefined;
};

/** A document's facts are for the apps that sent it or have it; which they are is not told. */
const showDocumentEvent = (event: Event, app: string): Event | undefined => {
  const { apps = [], ...data } = event.data as { apps?: string[] };
  return apps.includes(app) ? { ...event, data } : undefined;
};

/**
 * The event as a viewer may see it; undefined when not at all. An attribute that the entitlement does not name is
 * absent, and so are the facts that speak of nothing else. A kind of fact that is not known here is shown to no
 * app. Pure.
 */
export const showEvent = (event: Event, viewer: EventViewer): Event | undefined => {
  if (viewer.app === undefined) return event;
  const name = nameOf(event.type);
  const { eventTypes } = viewer.entitlement;
  if (eventTypes !== undefined && !eventTypes.includes(name)) return undefined;
  if (event.subject.startsWith('staff/')) return showStaffEvent(event, name, viewer);
  if (event.subject.startsWith('unit/')) return showUnitEvent(event, viewer);
  if (event.subject.startsWith('session/')) return showSessionEvent(event, name, viewer);
  if (event.subject.startsWith(`account/${viewer.app}/`)) return event;
  if (event.subject.startsWith('document-quarantine/') && event.data.app === viewer.app) return event;
  if (event.subject.startsWith('document/')) return showDocumentEvent(event, viewer.app);
  if (event.subject.startsWith('signing/') && event.data.appId === viewer.app) return event;
  return undefined;
};
