import { type RawBuilder, sql } from 'kysely';
import { type Database, often, type Tx } from '#hub/platform/database.ts';
import type { Event, NewEvent } from '#schemas/event.ts';

/** A place in the log: the pair, never the position alone (a late commit would be skipped). */
export interface EventCursor {
  xid: string;
  position: number;
}

/** Keys are striped over 1,024 locks: a batch of any size stays within PostgreSQL's lock table. */
export const lockKeys = async (tx: Tx, keys: string[]): Promise<void> => {
  await sql`${often}
    select pg_advisory_xact_lock(7411, stripe)
    from (select distinct hashtext(key) & 1023 as stripe from unnest(${keys}::text[]) key order by 1) stripes
  `.execute(tx);
};

/** Holds the stripe of a key together with others who do; whoever takes it by `lockKeys` waits for all of them. */
export const shareKey = async (tx: Tx, key: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock_shared(7411, hashtext(${key}) & 1023)`.execute(tx);
};

/** The insertion of events, also as a part of a statement that writes what they tell of; only `when` that holds. */
export const insertEvents = (events: NewEvent[], when = sql`true`): RawBuilder<unknown> => sql`
    insert into event (type, subject, subject_version, source, actor, data)
    select type, subject, version, source, actor, data
    from rows from (jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as (
      type text, subject text, "subjectVersion" int, source text, actor text, data jsonb))
      with ordinality as e(type, subject, version, source, actor, data, nr)
    where ${when} order by nr`;

export const appendEventRows = async (tx: Tx, events: NewEvent[]): Promise<void> => {
  if (events.length > 0) await insertEvents(events).execute(tx);
};

// The order names the table: a bare `xid` would be the column made above, a text, and 1000 would come before 999.
export const readEventRows = async (
  db: Database | Tx,
  request: { after: EventCursor; limit: number; types?: string[] },
): Promise<Event[]> => {
  const types = request.types ? sql`and type = any(${request.types}::text[])` : sql``;
  const { rows } = await sql<Event>`${often}
    select position, xid::text as xid, id, type, subject, subject_version as "subjectVersion",
           source, actor, data, at
    from event
    where xid < pg_snapshot_xmin(pg_current_snapshot())
      and (xid, position) > (${request.after.xid}::xid8, ${request.after.position}::bigint) ${types}
    order by event.xid, event.position
    limit ${request.limit}
  `.execute(db);
  return rows;
};

export const readHead = async (db: Database | Tx): Promise<EventCursor> => {
  const { rows } = await sql<{ xid: string }>`
    select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text as xid`.execute(db);
  return { xid: rows[0]!.xid, position: Number.MAX_SAFE_INTEGER };
};
