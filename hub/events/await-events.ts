import type { Database } from '#hub/platform/database.ts';
import type { EventTail } from '#hub/platform/events/event-tail.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import { type Stretch, type StretchRequest, scanLog, scanTail } from './scan-log.ts';
import { listenForNews } from './wait-for-news.ts';

/** Longest between two looks, should the news of what was written be lost. */
const lookMs = 1000;

/**
 * The next stretch of the log; when the reader sees nothing there, what comes within `waitMs`. An empty stretch
 * after the wait is an answer like any other. `viewer` is asked before each look: a right may end meanwhile.
 */
export const awaitEvents = async (
  { db, tail }: { db: Database; tail: EventTail },
  wish: Omit<StretchRequest, 'viewer'>,
  { viewer, waitMs, signal }: { viewer: () => Promise<EventViewer>; waitMs: number; signal: AbortSignal },
): Promise<Stretch> => {
  if (waitMs === 0) return scanLog(db, { ...wish, viewer: await viewer() });
  const news = listenForNews(tail);
  try {
    const end = performance.now() + waitMs;
    const request = { ...wish, viewer: await viewer() };
    // Who keeps up asks the database nothing; that memory lies a moment behind is nothing to one who waits.
    let stretch = tail.holds(wish.after) ? await scanTail(tail, request) : await scanLog(db, request);
    while (stretch.found.length === 0 && !stretch.more) {
      const left = end - performance.now();
      if (left <= 0 || signal.aborted) break;
      await news.wait(Math.min(left, lookMs), signal);
      stretch = await scanTail(tail, { ...wish, after: stretch.cursor, viewer: await viewer() });
    }
    return stretch;
  } finally {
    news.stop();
  }
};
