import { createHash } from 'node:crypto';
import type { EventViewers } from '#hub/platform/events/event-viewers.ts';
import { nameEntitlement } from '#hub/platform/events/name-entitlement.ts';
import { renderEvent } from '#hub/platform/events/render-event.ts';
import { toCloudEvent } from '#hub/platform/events/to-cloud-event.ts';
import type { Event } from '#schemas/event.ts';
import { toNotice } from './to-notice.ts';

/** What a stream shows, and a digest that changes when more or less is to be shown. */
export interface View {
  seenAs: string;
  /** The JSON of a fact; undefined when it is not for this stream. */
  show(event: Event): Uint8Array | undefined;
}

const notices: View = {
  seenAs: 'notices',
  show(event) {
    const notice = toNotice(event);
    return notice && Buffer.from(JSON.stringify(toCloudEvent(notice)));
  },
};

/** Of the shared stream (`null`) or of an app's own; undefined: the app is switched off. */
export const viewOf = async (viewers: EventViewers, app: string | null): Promise<View | undefined> => {
  if (app === null) return notices;
  const viewer = await viewers.ofApp(app);
  if (viewer === undefined) return undefined;
  return {
    seenAs: createHash('sha256').update(nameEntitlement(viewer.entitlement)).digest('base64url'),
    show: event => renderEvent(event, viewer),
  };
};
