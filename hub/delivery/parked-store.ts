import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { Event } from '#schemas/event.ts';

/** What failed or waits behind something that failed. */
export interface ParkedRow extends EventCursor {
  eventId: string;
  type: string;
  subject: string;
  attempts: number;
  dueAt: Date;
  delayMs: number;
  asked: boolean;
  errorCode: string | null;
}

export const readParked = async (db: Database, subscriptionId: string): Promise<ParkedRow[]> => {
  const { rows } = await sql<ParkedRow>`
    select xid::text as xid, position, event_id as "eventId", type, subject, attempts, due_at as "dueAt",
           delay_ms as "delayMs", asked, error_code as "errorCode"
    from delivery_parked
    where subscription_id = ${subscriptionId}::uuid and state = 'waiting'
    order by delivery_parked.xid, position
  `.execute(db);
  return rows;
};

/** Events by their places, in any order; what the log no longer holds is missing. */
export const readEventsAt = async (db: Database, places: EventCursor[]): Promise<Event[]> => {
  const keys = JSON.stringify(places.map(({ xid, position }) => ({ xid, position })));
  const { rows } = await sql<Event>`
    select e.position, e.xid::text as xid, e.id, e.type, e.subject, e.subject_version as "subjectVersion",
           e.source, e.actor, e.data, e.at
    from jsonb_to_recordset(${keys}::jsonb) as k(xid text, position bigint)
    join event e on e.xid = k.xid::xid8 and e.position = k.position
  `.execute(db);
  return rows;
};

/** An event by its id. */
export const findEvent = async (db: Database | Tx, id: string): Promise<Event | undefined> => {
  const { rows } = await sql<Event>`
    select position, xid::text as xid, id, type, subject, subject_version as "subjectVersion",
           source, actor, data, at
    from event where id = ${id}::uuid
  `.execute(db);
  return rows[0];
};

/** Makes rows of events that shall be sent once more, at once; what is parked already is due at once. */
export const askAgain = async (
  tx: Tx,
  subscriptionId: string,
  events: Pick<Event, 'xid' | 'position' | 'id' | 'type' | 'subject'>[],
  now: string,
): Promise<void> => {
  const rows = JSON.stringify(
    events.map(({ xid, position, id, type, subject }) => ({ xid, position, id, type, subject })),
  );
  await sql`
    insert into delivery_parked
      (subscription_id, xid, position, event_id, type, subject, state, attempts, due_at, delay_ms, asked)
    select ${subscriptionId}::uuid, xid::xid8, position, id, type, subject, 'waiting', 0, ${now}::timestamptz, 0, true
    from jsonb_to_recordset(${rows}::jsonb) as r(xid text, position bigint, id uuid, type text, subject text)
    on conflict (subscription_id, xid, position) do update
      set state = 'waiting', attempts = 0, due_at = excluded.due_at, delay_ms = 0, asked = true
  `.execute(tx);
};

/** What is dead or waits and last failed since then is due at once, with all its attempts before it; how many. */
export const recoverRows = async (
  tx: Tx,
  subscriptionId: string,
  { since, now }: { since: string; now: string },
): Promise<number> => {
  const { numAffectedRows } = await sql`
    update delivery_parked
    set asked = asked or state = 'dead', state = 'waiting', attempts = 0, due_at = ${now}::timestamptz, delay_ms = 0
    where subscription_id = ${subscriptionId}::uuid and updated_at >= ${since}::timestamptz
  `.execute(tx);
  return Number(numAffectedRows ?? 0);
};

/**
 * What will be read from the log again needs no rows. `to` absent: to its end. Of a stretch only what was given up
 * goes: rows that wait there hold back those behind it of the same subject.
 */
export const dropRows = async (
  tx: Tx,
  subscriptionId: string,
  { after, to }: { after: EventCursor; to: EventCursor | undefined },
): Promise<void> => {
  const until =
    to === undefined
      ? sql``
      : sql`and state = 'dead' and (xid, position) <= (${to.xid}::xid8, ${to.position}::bigint)`;
  await sql`
    delete from delivery_parked
    where subscription_id = ${subscriptionId}::uuid
      and (xid, position) > (${after.xid}::xid8, ${after.position}::bigint) ${until}
  `.execute(tx);
};
