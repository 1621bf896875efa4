import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { compareCursors, readEventCursor, writeEventCursor } from '#hub/platform/events/event-cursor.ts';
import { type EventViewer, showEvent } from '#hub/platform/events/show-event.ts';
import type { LeaseState } from '#schemas/event-lease.ts';
import { findEvent } from './events-store.ts';
import {
  acknowledgeTo,
  endLease,
  extendTo,
  findLease,
  type HeldLease,
  type LeaseKey,
} from './lease-store.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const lost = (): AppError => new AppError('lease-lost');

const requireLease = async (db: Database, key: LeaseKey): Promise<HeldLease> => {
  const lease = await findLease(db, key);
  if (lease === undefined) throw lost();
  return lease;
};

/** The place that `upTo` means. An event that the app may not see is answered like one that there is not. */
const placeOf = async (
  db: Database,
  upTo: string,
  viewer: () => Promise<EventViewer>,
): Promise<EventCursor | undefined> => {
  if (!uuid.test(upTo)) {
    try {
      return readEventCursor(upTo);
    } catch {
      return undefined;
    }
  }
  const event = await findEvent(db, upTo);
  if (event === undefined || showEvent(event, await viewer()) === undefined) return undefined;
  return { xid: event.xid, position: event.position };
};

/**
 * Acknowledges what was leased up to an event or a cursor, that one included; without `upTo` all of it. What was
 * acknowledged before stays so. The rest stays leased.
 *
 * @throws {AppError} `lease-lost` when it has expired, was released, or the consumer was moved: nothing is moved then;
 *   `invalid-request` when `upTo` lies outside it
 */
export const acknowledge = async (
  db: Database,
  key: LeaseKey,
  { upTo, viewer }: { upTo: string | undefined; viewer: () => Promise<EventViewer> },
): Promise<LeaseState> => {
  const lease = await requireLease(db, key);
  const wanted = upTo === undefined ? lease.end : await placeOf(db, upTo, viewer);
  if (wanted === undefined || compareCursors(wanted, lease.end) > 0)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/upTo', code: 'not-of-this-lease' }] });
  const to = compareCursors(wanted, lease.place) < 0 ? lease.place : wanted;
  if (!(await acknowledgeTo(db, key, to))) throw lost();
  return {
    consumer: lease.name,
    place: writeEventCursor(to),
    ...(compareCursors(to, lease.end) < 0 ? { expiresAt: lease.until.toISOString() } : {}),
  };
};

/** Lets a lease last so many seconds from now. @throws {AppError} `lease-lost` */
export const extend = async (db: Database, key: LeaseKey, seconds: number): Promise<LeaseState> => {
  if (!(await extendTo(db, key, seconds))) throw lost();
  const { name, place, until } = await requireLease(db, key);
  return { consumer: name, place: writeEventCursor(place), expiresAt: until.toISOString() };
};

/** Gives a lease back: what is not acknowledged can be leased at once. @throws {AppError} `lease-lost` */
export const release = async (db: Database, key: LeaseKey): Promise<void> => {
  if (!(await endLease(db, key))) throw lost();
};
