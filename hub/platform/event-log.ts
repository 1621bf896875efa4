import type { Database, Tx } from '#hub/platform/database.ts';
import {
  appendEventRows,
  type EventCursor,
  insertEvents,
  lockKeys,
  readEventRows,
  readHead,
  shareKey,
} from '#hub/platform/event-log-store.ts';
import type { Event, NewEvent } from '#schemas/event.ts';

export const beginning: EventCursor = { xid: '0', position: 0 };

/**
 * Must be the first statement of every transaction that changes a subject (but see `firstEvent`). Takes the subjects' locks
 * before the transaction has an id: so of two transactions on one subject the later always has the larger
 * id, and a reader can never see version 2 before version 1.
 */
export const lockSubjects = (tx: Tx, subjects: string[]): Promise<void> => lockKeys(tx, subjects);

/**
 * Keeps a subject as it is until the transaction ends: many may hold it so at once, who changes it waits. Right after
 * `lockSubjects`, before anything is written.
 */
export const holdSubject = (tx: Tx, subject: string): Promise<void> => shareKey(tx, subject);

/**
 * The first fact of a subject as a part of the one statement that makes the subject (`with …, fact as (${firstEvent(…)})`).
 * Needs no lock: nobody can have a later fact of what nobody knows of before the commit.
 */
export const firstEvent = (
  event: NewEvent & { subjectVersion: 1 },
  when: Parameters<typeof insertEvents>[1],
) => insertEvents([event], when);

/** Appends facts in the caller's transaction. Versions must follow each subject's last without a gap. */
export const appendEvents = (tx: Tx, events: NewEvent[]): Promise<void> => appendEventRows(tx, events);

/**
 * The next events after a cursor in log order, only those that no open transaction can still precede.
 * `cursor` is where to go on from: the last event's place, or the one given when there is none.
 */
export const readEvents = async (
  db: Database | Tx,
  request: { after: EventCursor; limit: number; types?: string[] },
): Promise<{ events: Event[]; cursor: EventCursor }> => {
  const rows = await readEventRows(db, request);
  const last = rows.at(-1);
  return {
    events: rows,
    cursor: last === undefined ? request.after : { xid: last.xid, position: last.position },
  };
};

/** Where the log ends now: what a reader that wants only news starts from. */
export const headOfLog = (db: Database | Tx): Promise<EventCursor> => readHead(db);
