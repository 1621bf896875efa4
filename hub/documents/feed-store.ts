import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** Takes a list for a minute; undefined while another node reads it. */
export const leaseFeed = async (
  db: Database,
  source: string,
): Promise<{ cursor: string | null } | undefined> => {
  await sql`insert into document_feed (source) values (${source}) on conflict do nothing`.execute(db);
  const { rows } = await sql<{ cursor: string | null }>`
    update document_feed set lease_until = clock_timestamp() + interval '60 seconds'
    where source = ${source} and lease_until < clock_timestamp() returning cursor`.execute(db);
  return rows[0];
};

/** What stands at the cursor is kept here. */
export const advanceFeed = async (db: Database | Tx, source: string, cursor: string): Promise<void> => {
  await sql`
    update document_feed set cursor = ${cursor}, lease_until = clock_timestamp() + interval '60 seconds'
    where source = ${source}`.execute(db);
};

export const releaseFeed = async (db: Database, source: string): Promise<void> => {
  await sql`update document_feed set lease_until = '-infinity' where source = ${source}`.execute(db);
};

/** How an entry of the axis went, when it is kept here. */
export const entryOutcome = async (
  db: Database,
  axis: string,
  docId: string,
): Promise<'done' | 'fail' | undefined> => {
  const { rows } = await sql<{ outcome: 'done' | 'fail' }>`
    select outcome from document_axis_entry where axis = ${axis} and doc_id = ${docId}`.execute(db);
  return rows[0]?.outcome;
};

export const keepEntry = async (
  db: Database | Tx,
  axis: string,
  docId: string,
  outcome: 'done' | 'fail',
): Promise<void> => {
  await sql`
    insert into document_axis_entry (axis, doc_id, outcome) values (${axis}, ${docId}, ${outcome})
    on conflict (axis, doc_id) do update set outcome = excluded.outcome`.execute(db);
};
