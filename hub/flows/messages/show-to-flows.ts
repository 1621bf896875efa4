import { type EventViewer, showEvent } from '#hub/platform/events/show-event.ts';
import type { Event } from '#schemas/event.ts';

/** The app by whose entitlement flows see people: the IT centre decides it, as for any app. */
export const flowsApp = 'flows';

/** Facts of people, units and sessions are told as the entitlement says; what the hub itself does (signing, documents, cases) whole. Pure. */
const ofPeople = /^(staff|unit|session|account)\//;

/** The event as flows may see it; undefined when not at all. */
export const showToFlows = (event: Event, viewer: EventViewer): Event | undefined =>
  ofPeople.test(event.subject) ? showEvent(event, viewer) : event;
