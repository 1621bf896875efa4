import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { Event } from '#schemas/event.ts';
import { type NoticeRow, readNotices } from '#sso/leaving/notice-store.ts';
import type { SessionRow } from '#sso/sessions/session.ts';
import { readSessions } from '#sso/sessions/session-store.ts';

/** All sessions of a person: those that go on first. */
export const sessionsOf = (db: Database, staffId: string): Promise<SessionRow[]> =>
  readSessions(db, staffId, { openOnly: false, limit: 1000 });

/** What the log holds of a person's sessions, in its order; also what another transaction still keeps from readers. */
export const sessionEventsOf = async (db: Database, staffId: string): Promise<Event[]> => {
  const { rows } = await sql<Event>`
    select type, subject, subject_version as "subjectVersion", actor, data from event
    where subject like 'session/%' and data ->> 'staffId' = ${staffId} order by event.xid, position`.execute(
    db,
  );
  return rows;
};

export const noticesOf = (db: Database, staffId: string): Promise<NoticeRow[]> =>
  readNotices(db, staffId, 1000);
