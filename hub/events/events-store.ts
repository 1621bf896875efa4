import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { Event } from '#schemas/event.ts';

const columns = sql`position, xid::text as xid, id, type, subject, subject_version as "subjectVersion",
  source, actor, data, at`;

/** One fact by its id; undefined without. */
export const findEvent = async (db: Database, id: string): Promise<Event | undefined> => {
  const { rows } = await sql<Event>`select ${columns} from event where id = ${id}::uuid`.execute(db);
  return rows[0];
};

/**
 * As `readEventRows`, of one subject, by its own index. Ordered by the columns named in full: `xid` alone is the text
 * that is selected, where 1000 comes before 999.
 */
export const readSubjectRows = async (
  db: Database,
  { subject, after, limit }: { subject: string; after: EventCursor; limit: number },
): Promise<Event[]> => {
  const { rows } = await sql<Event>`
    select ${columns} from event
    where subject = ${subject} and xid < pg_snapshot_xmin(pg_current_snapshot())
      and (xid, position) > (${after.xid}::xid8, ${after.position}::bigint)
    order by event.xid, event.position limit ${limit}
  `.execute(db);
  return rows;
};

/**
 * The place before the first fact of this time or later; undefined when there is none yet. The facts of that time
 * are found first: ordered at once, the whole log before them would be read.
 */
export const findPlaceSince = async (db: Database, at: Date): Promise<EventCursor | undefined> => {
  const { rows } = await sql<EventCursor>`
    with since as materialized (select xid, position from event where at >= ${at})
    select xid::text as xid, position - 1 as position from since order by since.xid, since.position limit 1
  `.execute(db);
  return rows[0];
};
