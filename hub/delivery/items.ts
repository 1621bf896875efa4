import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { Event } from '#schemas/event.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import type { ParkedRow } from './parked-store.ts';

/** An event on its way to one subscriber. Times in milliseconds of a clock that is never set. */
export interface Item {
  place: EventCursor;
  eventId: string;
  type: string;
  subject: string;
  /** Absent for what is parked: it is read from the log when its turn comes. */
  event: Event | undefined;
  /** Where the reader stood before it. */
  before: EventCursor;
  attempts: number;
  dueAt: number;
  delayMs: number;
  errorCode: string | undefined;
  /** Sent again by hand. */
  asked: boolean;
  /** It has a row of its own, or gets one with the next mark. */
  parked: boolean;
  settled: boolean;
}

/** An event that was just read; `before` is where the reader stood. */
export const itemOfEvent = (event: Event, before: EventCursor, now: number): Item => ({
  place: { xid: event.xid, position: event.position },
  before,
  eventId: event.id,
  type: event.type,
  subject: event.subject,
  event,
  attempts: 0,
  dueAt: now,
  delayMs: 0,
  errorCode: undefined,
  asked: false,
  parked: false,
  settled: false,
});

/** What was parked. A clock that was set back makes no wait longer than it was meant to be. */
export const itemOfRow = (row: ParkedRow, clock: DeliveryClock): Item => {
  const waitMs = Math.min(Math.max(row.dueAt.getTime() - clock.now(), 0), row.delayMs);
  const place = { xid: row.xid, position: row.position };
  return {
    place,
    before: place,
    eventId: row.eventId,
    type: row.type,
    subject: row.subject,
    event: undefined,
    attempts: row.attempts,
    dueAt: clock.elapsed() + waitMs,
    delayMs: row.delayMs,
    errorCode: row.errorCode ?? undefined,
    asked: row.asked,
    parked: true,
    settled: false,
  };
};
