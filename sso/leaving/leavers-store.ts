import { sql } from 'kysely';
import { type Database, mayBeLost, often } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';

const reader = 'sso/leaving';

/** Where the reader of leavers has got to; `start` when it has never read. */
export const readPlace = async (db: Database, start: EventCursor): Promise<EventCursor> => {
  const { rows } = await sql<EventCursor>`
    insert into event_reader (name, xid, position) values (${reader}, ${start.xid}::xid8, ${start.position})
    on conflict (name) do update set name = excluded.name
    returning xid::text as xid, position`.execute(db);
  return rows[0]!;
};

/** Goes on from there; never back, when another node has been faster. What a power cut makes forgotten is read again, without harm. */
export const movePlace = async (db: Database, to: EventCursor): Promise<void> => {
  await sql`${often}
    update event_reader set xid = ${to.xid}::xid8, position = ${to.position}, updated_at = now()
    where name = ${reader} and (xid, position) < (${to.xid}::xid8, ${to.position}::bigint)
      and ${mayBeLost}`.execute(db);
};
