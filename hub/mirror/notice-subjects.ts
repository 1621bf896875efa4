import { type EventViewer, showEvent } from '#hub/platform/events/show-event.ts';
import { eventNames, eventType } from '#schemas/event.ts';
import { prefixOf } from './stream-names.ts';

/** A fact of each kind that says nothing, to ask the rule of the log whether an app may see the kind at all. */
const blank = { subjectVersion: 1, source: '', actor: '', position: 0, xid: '0', id: '', at: new Date(0) };
const about = (kind: string, app: string): string => (kind === 'account' ? `account/${app}/` : `${kind}/`);

/**
 * The subjects of notices that an app may listen to: the types that its entitlement lets it see, and of accounts only
 * its own. An app that may see only some units gets none: notices name people of the whole province.
 */
export const noticeSubjects = (viewer: EventViewer): string[] => {
  const { app, entitlement } = viewer;
  if (app === undefined || entitlement.unitIds !== undefined) return [];
  return eventNames.flatMap(name => {
    const kind = /^(unit|account|session)\./.exec(name)?.[1] ?? 'staff';
    const data = { staffId: '', unitId: '', staff: { positions: [] } };
    const probe = { ...blank, type: eventType(name), subject: about(kind, app), data };
    if (showEvent(probe, viewer) === undefined) return [];
    return [`${prefixOf(null)}.${name}.v1.${kind === 'account' ? `account.${app}.` : ''}>`];
  });
};
