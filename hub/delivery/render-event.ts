import { type EventViewer, showEvent } from '#hub/platform/events/show-event.ts';
import { toCloudEvent } from '#hub/platform/events/to-cloud-event.ts';
import type { Event } from '#schemas/event.ts';

/** What subscribers with the same rights are sent is made once. Undefined: this viewer may not see the event. */
export type RenderEvent = (event: Event, viewer: RankedViewer) => string | undefined;

/** A viewer with the name of its rights: equal names see the same, but for facts of an app's own accounts. */
export interface RankedViewer {
  viewer: EventViewer;
  rights: string;
}

export const createRanking = (): ((viewer: EventViewer) => RankedViewer) => {
  const trees = new WeakMap<object, number>();
  let count = 0;
  return viewer => {
    const { entitlement, parents, salary } = viewer;
    // The tree of units decides who is in scope: a new one is another right.
    let tree = trees.get(parents);
    if (tree === undefined) {
      tree = count++;
      trees.set(parents, tree);
    }
    const { attributes, unitIds, eventTypes } = entitlement;
    return { viewer, rights: JSON.stringify([attributes, unitIds, eventTypes, salary, tree]) };
  };
};

export const renderEvent = (event: Event, viewer: EventViewer): string | undefined => {
  const shown = showEvent(event, viewer);
  return shown === undefined ? undefined : JSON.stringify(toCloudEvent(shown));
};

export const createRenderer = (): RenderEvent => {
  const made = new WeakMap<Event, Map<string, string | undefined>>();
  return (event, { viewer, rights }) => {
    const key = event.subject.startsWith('account/') ? `${viewer.app}:${rights}` : rights;
    let bodies = made.get(event);
    if (bodies === undefined) {
      bodies = new Map();
      made.set(event, bodies);
    }
    if (!bodies.has(key)) bodies.set(key, renderEvent(event, viewer));
    return bodies.get(key);
  };
};
