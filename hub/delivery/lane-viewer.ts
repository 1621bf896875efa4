import type { EventViewers } from '#hub/platform/events/event-viewers.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import type { DeliveryClock } from './delivery-clock.ts';

/** What the app of a subscription may see, never older than two seconds when something is begun with it. */
export interface LaneViewer {
  /** As known last; undefined: not yet, or the app is switched off. */
  current(): EventViewer | undefined;
  /** False while it is not known, or not any more: it is then asked for, and one of the listeners is called. */
  isKnown(): boolean;
}

const freshMs = 2000;

export const createLaneViewer = (
  { viewers, app, clock }: { viewers: EventViewers; app: string; clock: DeliveryClock },
  told: (viewer: EventViewer | undefined) => void,
  failed: (error: unknown) => void,
): LaneViewer => {
  let viewer: EventViewer | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking = false;

  const ask = async (): Promise<void> => {
    asking = true;
    try {
      viewer = await viewers.ofApp(app);
      askedAt = clock.elapsed();
    } catch (error) {
      asking = false;
      failed(error);
      return;
    }
    asking = false;
    told(viewer);
  };
  return {
    current: () => viewer,
    isKnown() {
      if (clock.elapsed() - askedAt < freshMs) return viewer !== undefined;
      if (!asking) void ask();
      return false;
    },
  };
};
