import { nameEntitlement } from '#hub/platform/events/name-entitlement.ts';
import { type EventViewer, showEvent } from '#hub/platform/events/show-event.ts';
import { toCloudEvent } from '#hub/platform/events/to-cloud-event.ts';
import type { UnitParents } from '#hub/platform/unit-scope.ts';
import type { Event } from '#schemas/event.ts';

/** What was made of an event, by the name of the rights, for as long as somebody holds the event. */
const made = new WeakMap<Event, Map<string, Buffer | undefined>>();
const rights = new WeakMap<EventViewer, string>();
const trees = new WeakMap<UnitParents, number>();
let treeCount = 0;

/** The tree of units decides who is in scope: a new one is another right. */
const numberOf = (tree: UnitParents): number => {
  const known = trees.get(tree) ?? treeCount++;
  trees.set(tree, known);
  return known;
};

/**
 * The name of a viewer's rights: equal names see the same, but for facts of an app's own accounts. Whatever
 * `showEvent` looks at is in it.
 */
const rightsOf = (viewer: EventViewer): string => {
  const known = rights.get(viewer);
  if (known !== undefined) return known;
  const { app, entitlement, parents, salary } = viewer;
  const tree = entitlement.unitIds === undefined ? '' : numberOf(parents);
  const name = app === undefined ? 'all' : `${nameEntitlement(entitlement)} ${salary} ${tree}`;
  rights.set(viewer, name);
  return name;
};

/**
 * The fact as CloudEvents JSON in UTF-8 as a viewer may see it; undefined when not at all. What viewers with the same
 * rights see is made once, however many they are and whichever way it goes to them: the bytes are not to be changed.
 */
export const renderEvent = (event: Event, viewer: EventViewer): Buffer | undefined => {
  const name = rightsOf(viewer);
  const key = event.subject.startsWith('account/') ? `${viewer.app}:${name}` : name;
  let texts = made.get(event);
  if (texts === undefined) {
    texts = new Map();
    made.set(event, texts);
  }
  if (!texts.has(key)) {
    const shown = showEvent(event, viewer);
    texts.set(key, shown && Buffer.from(JSON.stringify(toCloudEvent(shown))));
  }
  return texts.get(key);
};
