import type { EventViewer } from '#hub/platform/events/show-event.ts';

/** The same text for entitlements that show the same, in whatever order they name it. Kept in the database: stable. */
export const nameEntitlement = ({ attributes, unitIds, eventTypes }: EventViewer['entitlement']): string =>
  JSON.stringify([attributes.toSorted(), unitIds?.toSorted() ?? null, eventTypes?.toSorted() ?? null]);
