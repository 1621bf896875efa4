import type { TSchema } from 'typebox';
import type { EventName } from '#schemas/event.ts';
import { accountEvents } from '#schemas/event-data/accounts.ts';
import { documentEvents } from '#schemas/event-data/documents.ts';
import { sessionEvents } from '#schemas/event-data/sessions.ts';
import { signingEvents } from '#schemas/event-data/signing.ts';
import { staffEvents } from '#schemas/event-data/staff.ts';
import { unitEvents } from '#schemas/event-data/units.ts';

// The `data` of every event as an app sees it (`hub/platform/events/show-event.ts`). What a schema here says is
// promised to programs that we cannot change: see tests/schemas/compare-schemas.ts for what may still be added.

/** Schema of `data` by event name and version; each is published in `schemas/published/<key>.json`. */
export const eventData = {
  ...staffEvents,
  ...unitEvents,
  ...accountEvents,
  ...sessionEvents,
  ...signingEvents,
  ...documentEvents,
} satisfies Record<`${EventName}.v1`, TSchema> & Record<`${EventName}.v${number}`, TSchema>;

/** An event's name with its version: `staff.joined.v1`; with `vn.lienthong.` in front it is the CloudEvents type. */
export type VersionedName = keyof typeof eventData;
