import type { EventViewers } from '#hub/platform/events/event-viewers.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import { createRanking, type RankedViewer } from './render-event.ts';

/** What the app of a subscription may see, never older than two seconds when something is begun with it. */
export interface LaneViewer {
  /** As known last; undefined: not yet, or the app is switched off. */
  current(): RankedViewer | undefined;
  /** False while it is not known, or not any more: it is then asked for, and one of the listeners is called. */
  isKnown(): boolean;
}

const freshMs = 2000;

export const createLaneViewer = (
  { viewers, app, clock }: { viewers: EventViewers; app: string; clock: DeliveryClock },
  told: (ranked: RankedViewer | undefined) => void,
  failed: (error: unknown) => void,
): LaneViewer => {
  const rank = createRanking();
  let ranked: RankedViewer | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking = false;

  const ask = async (): Promise<void> => {
    asking = true;
    try {
      const viewer = await viewers.ofApp(app);
      ranked = viewer && rank(viewer);
      askedAt = clock.elapsed();
    } catch (error) {
      asking = false;
      failed(error);
      return;
    }
    asking = false;
    told(ranked);
  };
  return {
    current: () => ranked,
    isKnown() {
      if (clock.elapsed() - askedAt < freshMs) return ranked !== undefined;
      if (!asking) void ask();
      return false;
    },
  };
};
