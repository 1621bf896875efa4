import { AppError } from '#hub/platform/errors.ts';
import { readEvents } from '#hub/platform/event-log.ts';
import { compareCursors, writeEventCursor } from '#hub/platform/events/event-cursor.ts';
import { showEvent } from '#hub/platform/events/show-event.ts';
import { findDelivered } from './attempt-store.ts';
import { viewerOf } from './create-subscription.ts';
import { type Asked, changeOne, type ManageContext, requireSubscription } from './manage-context.ts';
import { askAgain, findEvent, recoverRows } from './parked-store.ts';
import { readPlace, readTime } from './read-place.ts';
import { touchSubscription } from './subscription-store.ts';

const page = 1000;
/** So many facts are looked at by one request, and so many at most are sent again. */
const scanMost = 50_000;
const askMost = 5000;

const nowOf = ({ clock }: ManageContext): string => new Date(clock.now()).toISOString();

/** Sends what is dead or parked and last failed since then once more, now; how many. */
export const recover = (
  context: ManageContext,
  asked: Asked,
  id: string,
  since: string,
): Promise<{ count: number }> => {
  const time = readTime(since);
  if (time === undefined)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/since', code: 'bad-time' }] });
  return changeOne(context, asked, id, 'recovered', async tx => {
    const count = await recoverRows(tx, id, { since: time, now: nowOf(context) });
    await touchSubscription(tx, id);
    return { result: { count }, detail: { since: time, count } };
  });
};

/**
 * Sends one event once more, as the app may see it now.
 *
 * @throws {AppError} `unknown-event` when the log does not hold it or the app may not see it
 */
export const resend = async (
  context: ManageContext,
  asked: Asked,
  id: string,
  eventId: string,
): Promise<void> => {
  const { app } = await requireSubscription(context.db, asked.caller, id);
  const viewer = await viewerOf(context, app);
  await changeOne(context, asked, id, 'resent', async tx => {
    const event = await findEvent(tx, eventId);
    if (event === undefined || showEvent(event, viewer) === undefined) throw new AppError('unknown-event');
    await askAgain(tx, id, [event], nowOf(context));
    await touchSubscription(tx, id);
    return { result: undefined, detail: { eventId } };
  });
};

/**
 * Sends what the log holds from a place on up to where the subscription stands, and of which no successful attempt
 * is recorded. A request looks at 50,000 facts at most: `next` is the place to ask on from.
 */
export const sendMissing = async (
  context: ManageContext,
  asked: Asked,
  id: string,
  since: string,
): Promise<{ count: number; next?: string }> => {
  const { db } = context;
  const row = await requireSubscription(db, asked.caller, id);
  const viewer = await viewerOf(context, row.app);
  let after = await readPlace(db, since, '/since');
  let scanned = 0;
  let count = 0;
  let more = true;
  while (more && scanned < scanMost && count < askMost) {
    const { events, cursor } = await readEvents(db, { after, limit: page });
    const before = events.filter(event => compareCursors(event, row) <= 0);
    more = before.length === page;
    scanned += before.length;
    after = cursor;
    const seen = before.filter(
      event =>
        (row.types === null || row.types.includes(event.type)) && showEvent(event, viewer) !== undefined,
    );
    const delivered = await findDelivered(
      db,
      id,
      seen.map(event => event.id),
    );
    const missing = seen.filter(event => !delivered.has(event.id));
    if (missing.length === 0) continue;
    count += missing.length;
    await changeOne(context, asked, id, 'missing-sent', async tx => {
      await askAgain(tx, id, missing, nowOf(context));
      await touchSubscription(tx, id);
      return { result: undefined, detail: { since, count: missing.length } };
    });
  }
  return { count, ...(more ? { next: writeEventCursor(after) } : {}) };
};
