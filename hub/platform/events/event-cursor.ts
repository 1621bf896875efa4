import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { decodeCursor, encodeCursor } from '#hub/platform/http/cursor.ts';

/** A place in the log as readers outside keep it: opaque, and valid for as long as the log is kept. */
export const writeEventCursor = ({ xid, position }: EventCursor): string => encodeCursor([xid, position]);

/**
 * The place that a cursor means; undefined without one.
 *
 * @throws {AppError} `invalid-request` when it is not one of ours
 */
export const readEventCursor = (text: string | undefined): EventCursor | undefined => {
  const key = decodeCursor(text, ['string', 'number']);
  if (key === undefined) return undefined;
  const [xid, position] = key as [string, number];
  // Whatever is no number would reach PostgreSQL as a cast that fails.
  return /^\d{1,18}$/.test(xid) && position >= 0 ? { xid, position } : readEventCursor('!');
};

/** Below zero when `a` lies before `b` in the log. Transaction ids stay far below 2^53. */
export const compareCursors = (a: EventCursor, b: EventCursor): number =>
  Number(a.xid) - Number(b.xid) || a.position - b.position;
