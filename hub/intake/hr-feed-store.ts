import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** Takes the feed for a while; undefined when another node has it. */
export const leaseFeed = async (
  db: Database,
  source: string,
  seconds: number,
): Promise<{ cursor: string | null } | undefined> => {
  await sql`insert into hr_feed (source) values (${source}) on conflict do nothing`.execute(db);
  const { rows } = await sql<{ cursor: string | null }>`
    update hr_feed set lease_until = clock_timestamp() + make_interval(secs => ${seconds})
    where source = ${source} and lease_until < clock_timestamp() returning cursor`.execute(db);
  return rows[0];
};

/**
 * Notes how far the feed is, and keeps it. A cursor that was set meanwhile (by hand, or by a node that took
 * over) stays: what is pulled twice changes nothing, what is skipped would be lost.
 */
export const advanceFeed = async (
  db: Database,
  source: string,
  cursors: { before: string | null; after: string | null },
  seconds: number,
): Promise<void> => {
  await sql`update hr_feed set updated_at = clock_timestamp(), cursor = ${cursors.after}::text,
    lease_until = clock_timestamp() + make_interval(secs => ${seconds})
    where source = ${source} and cursor is not distinct from ${cursors.before}::text`.execute(db);
};

/** Gives the feed back. */
export const releaseFeed = async (db: Database, source: string): Promise<void> => {
  await sql`update hr_feed set lease_until = '-infinity' where source = ${source}`.execute(db);
};

/** Gives every feed back: those who read them are gone. */
export const releaseFeeds = async (db: Database): Promise<void> => {
  await sql`update hr_feed set lease_until = '-infinity'`.execute(db);
};

export const setFeedCursor = async (db: Database, source: string, cursor: string): Promise<void> => {
  await sql`insert into hr_feed (source, cursor) values (${source}, ${cursor})
    on conflict (source) do update set cursor = excluded.cursor, updated_at = clock_timestamp()`.execute(db);
};
