import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { beginning, headOfLog } from '#hub/platform/event-log.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors, readEventCursor } from '#hub/platform/events/event-cursor.ts';
import type { EventTail } from '#hub/platform/events/event-tail.ts';
import { findPlaceSince } from './events-store.ts';

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

const fault = (pointer: string, code: string): AppError =>
  new AppError('invalid-request', {}, { faults: [{ pointer, code }] });

const readCursorAt = (text: string, pointer: string): EventCursor => {
  try {
    return readEventCursor(text)!;
  } catch {
    throw fault(pointer, 'bad-cursor');
  }
};

/**
 * The place that a text means: `beginning`, `latest`, a cursor, or a time. A time means before the first fact of
 * that time or later; facts whose transaction is still open count as later.
 *
 * A cursor beyond the end of the log is none of this log (it was restored from a backup): its reader would wait
 * for ever and miss what is written meanwhile, so it is refused. One that lies in `tail` needs no question.
 *
 * @throws {AppError} `invalid-request` with `bad-cursor`, `cursor-beyond-log` or `wrong-time` at `pointer`
 */
export const readPlace = async (
  db: Database,
  text: string,
  pointer: string,
  tail?: EventTail,
): Promise<EventCursor> => {
  if (text === 'beginning') return beginning;
  if (text === 'latest') return headOfLog(db);
  if (time.test(text)) {
    const at = new Date(text);
    if (Number.isNaN(at.getTime())) throw fault(pointer, 'wrong-time');
    // In this order: what becomes readable between the two lies behind the head.
    const head = await headOfLog(db);
    const since = await findPlaceSince(db, at);
    return since === undefined || compareCursors(head, since) < 0 ? head : since;
  }
  const cursor = readCursorAt(text, pointer);
  if (tail?.holds(cursor)) return cursor;
  if (compareCursors(cursor, await headOfLog(db)) > 0) throw fault(pointer, 'cursor-beyond-log');
  return cursor;
};
