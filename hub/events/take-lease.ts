import { AppError } from '#hub/platform/errors.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import type { Reply } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { awaitEvents } from './await-events.ts';
import type { ConsumerKey } from './consumer-store.ts';
import { filterOf, requireConsumer } from './keep-consumers.ts';
import { insertLease, skipTo } from './lease-store.ts';
import { renderPage } from './render-page.ts';

export interface LeaseWish {
  limit: number;
  seconds: number;
  waitMs: number;
  signal: AbortSignal;
}

/** So long, beside the wait, one request looks for an event that the app may see. */
const searchMs = 5000;

/**
 * Leases the next events of a consumer to one worker. Nothing is held in the database while the log is read or
 * waited for: the page is looked up first, and leased only if the consumer still stands where it did and nobody else
 * has it; otherwise the next page is looked up. When the app sees nothing of what was read, the consumer moves over it.
 *
 * @throws {AppError} `consumer-leased` while another lease is open, `unknown-consumer`
 */
export const takeLease = async (
  context: Pick<PartContext, 'db' | 'tail'>,
  key: ConsumerKey,
  viewer: () => Promise<EventViewer>,
  { limit, seconds, waitMs, signal }: LeaseWish,
): Promise<Reply> => {
  const { db } = context;
  const startedAt = performance.now();
  for (;;) {
    const row = await requireConsumer(db, key);
    if (row.leaseUntil !== null)
      throw new AppError('consumer-leased', { consumer: key.name, until: row.leaseUntil.toISOString() });
    const { place } = row;
    const { found, cursor, more } = await awaitEvents(
      context,
      { after: place, limit, filter: filterOf(row) },
      { viewer, waitMs: Math.max(0, startedAt + waitMs - performance.now()), signal },
    );
    if (signal.aborted) return renderPage([], { consumer: key.name });
    const last = found.at(-1);
    if (last !== undefined) {
      const lease = await insertLease(db, { ...key, place, end: last.place, seconds });
      if (lease === undefined) continue;
      return renderPage(found, {
        id: lease.leaseId,
        consumer: key.name,
        expiresAt: lease.until.toISOString(),
      });
    }
    const skipped = await skipTo(db, { ...key, place, end: cursor });
    if (skipped && !more) return renderPage([], { consumer: key.name });
    // A long stretch that concerns others: it is passed, and the client need not wait to ask again.
    if (performance.now() - startedAt > searchMs + waitMs)
      return renderPage([], { consumer: key.name, more: true });
  }
};
