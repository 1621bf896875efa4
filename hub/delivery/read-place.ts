import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { beginning, headOfLog } from '#hub/platform/event-log.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors, readEventCursor } from '#hub/platform/events/event-cursor.ts';
import { placeBefore } from './subscription-store.ts';

/** An ISO time as PostgreSQL takes it; undefined for anything else. */
export const readTime = (text: string): string | undefined => {
  if (!/^[1-9]\d{3}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};

/**
 * The place that a caller means: `latest`, `beginning`, a cursor of the log, or an ISO time (the place before the
 * first fact from then on). Never beyond the end of the log.
 *
 * @throws {AppError} `invalid-request` at `pointer` when it cannot be read
 */
export const readPlace = async (db: Database, text: string, pointer: string): Promise<EventCursor> => {
  const head = await headOfLog(db);
  if (text === 'latest') return head;
  if (text === 'beginning') return beginning;
  const time = readTime(text);
  if (time !== undefined) return (await placeBefore(db, time)) ?? head;
  try {
    const place = readEventCursor(text) ?? head;
    return compareCursors(place, head) > 0 ? head : place;
  } catch {
    throw new AppError('invalid-request', {}, { faults: [{ pointer, code: 'bad-place' }] });
  }
};
