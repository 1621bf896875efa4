import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { beginning } from '#hub/platform/event-log.ts';
import { writeEventCursor } from '#hub/platform/events/event-cursor.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { EventConsumer } from '#schemas/event-lease.ts';
import {
  type ConsumerKey,
  type ConsumerRow,
  deleteConsumer,
  findConsumer,
  insertConsumer,
  listConsumers,
  moveConsumer,
  updateTypes,
} from './consumer-store.ts';
import { type EventFilter, readTypes } from './event-filter.ts';
import { readPlace } from './read-place.ts';
import { scanLimit, scanLog } from './scan-log.ts';

/** Each costs a row and a line in the metrics. */
const mostConsumers = 100;
/** What waits is counted so far, of a log that is searched no further than usual. */
const mostWaiting = 1000;
/** In a list of many the log is searched less far for each. */
const scanInList = 500;

/** Whose consumers a caller works with: its app's, or its own when it has none. No app's id has a slash. */
export const ownerOf = (caller: Caller): string => caller.appId ?? actorOf(caller);

/** The filter of a consumer's own types. */
export const filterOf = ({ types }: Pick<ConsumerRow, 'types'>): EventFilter =>
  types === null ? {} : { types: new Set(types) };

/** @throws {AppError} `unknown-consumer` */
export const requireConsumer = async (db: Database, key: ConsumerKey): Promise<ConsumerRow> => {
  const row = await findConsumer(db, key);
  if (row === undefined) throw new AppError('unknown-consumer', { consumer: key.name });
  return row;
};

/** A consumer with what waits behind its place, as this viewer may see it: what is hidden is not counted either. */
const show = async (
  db: Database,
  row: ConsumerRow,
  viewer: EventViewer,
  scan = scanLimit,
): Promise<EventConsumer> => {
  const request = { after: row.place, limit: mostWaiting, viewer, filter: filterOf(row), scan };
  const { found, more } = await scanLog(db, request);
  return {
    name: row.name,
    ...(row.types === null ? {} : { types: row.types }),
    place: writeEventCursor(row.place),
    movedAt: row.movedAt.toISOString(),
    waiting: found.length,
    ...(more ? { waitingMore: true } : {}),
    ...(found[0] === undefined ? {} : { oldestWaitingAt: found[0].event.at.toISOString() }),
    ...(row.leaseId === null || row.leaseUntil === null
      ? {}
      : { lease: { id: row.leaseId, expiresAt: row.leaseUntil.toISOString() } }),
  };
};

/** @throws {AppError} `unknown-consumer` */
export const showConsumer = async (
  db: Database,
  key: ConsumerKey,
  viewer: EventViewer,
): Promise<EventConsumer> => show(db, await requireConsumer(db, key), viewer);

export const showConsumers = async (
  db: Database,
  owner: string,
  viewer: EventViewer,
): Promise<{ items: EventConsumer[] }> => {
  const items: EventConsumer[] = [];
  // One after the other: a list must not take all connections.
  for (const row of await listConsumers(db, owner)) items.push(await show(db, row, viewer, scanInList));
  return { items };
};

/**
 * Makes a consumer at `from` (the beginning when absent). One that is there keeps its place and its lease; `types`,
 * when given, are from now on its types.
 *
 * @throws {AppError} `too-many-consumers`; `invalid-request` for a place or a type that is none
 */
export const putConsumer = async (
  db: Database,
  key: ConsumerKey,
  { from, types, createdBy }: { from?: string; types?: string[]; createdBy: string },
): Promise<{ created: boolean }> => {
  const wanted = types === undefined ? undefined : readTypes(types, '/types');
  // Checked in both cases: the same request is right or wrong whether it is the first or not.
  const place = from === undefined ? beginning : await readPlace(db, from, '/from');
  const consumer = { ...key, types: wanted ?? null, place, createdBy, most: mostConsumers };
  if (await insertConsumer(db, consumer)) return { created: true };
  if ((await findConsumer(db, key)) === undefined)
    throw new AppError('too-many-consumers', { limit: mostConsumers });
  if (wanted !== undefined) await updateTypes(db, key, wanted);
  return { created: false };
};

/** Moves a consumer, forward or back, and ends a lease under way. @throws {AppError} `unknown-consumer` */
export const seekConsumer = async (db: Database, key: ConsumerKey, to: string): Promise<void> => {
  const place = await readPlace(db, to, '/to');
  if (!(await moveConsumer(db, key, place))) throw new AppError('unknown-consumer', { consumer: key.name });
};

/** Forgets a consumer, and with it a lease under way. @throws {AppError} `unknown-consumer` */
export const removeConsumer = async (db: Database, key: ConsumerKey): Promise<void> => {
  if (!(await deleteConsumer(db, key))) throw new AppError('unknown-consumer', { consumer: key.name });
};
