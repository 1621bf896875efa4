import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { headOfLog, readEvents } from '#hub/platform/event-log.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import { type Event, eventType } from '#schemas/event.ts';
import { lockReader, moveReader, type ReturnedDocument, writeReturned } from './rates-store.ts';

const type = eventType('signing.returned');
const atOnce = 200;
const idleMs = 1000;

/** Marks the document of a `signing.returned` event as signed; the same event again changes nothing. */
export const markReturned = (db: Database | Tx, event: Pick<Event, 'data'>): Promise<void> =>
  writeReturned(db, event.data as unknown as ReturnedDocument);

/** Reads on in the log; true when more is there. On several nodes one reads at a time. */
const readOn = (db: Database): Promise<boolean> =>
  inTransaction(db, async tx => {
    const after = await lockReader(tx);
    if (after === undefined) return false;
    // Taken before: whatever comes meanwhile lies behind it, or is read now.
    const head = await headOfLog(tx);
    const { events, cursor } = await readEvents(tx, { after, limit: atOnce, types: [type] });
    for (const event of events) await markReturned(tx, event);
    const isAll = events.length < atOnce;
    await moveReader(tx, isAll && compareCursors(head, cursor) > 0 ? head : cursor);
    return !isAll;
  });

/** Follows the log for as long as the part runs, from its beginning. */
export const followReturned = ({ db, log }: PartContext): Repeater =>
  repeat(log, 'rates of signing', async () => ((await readOn(db)) ? 0 : idleMs));
