import { sql } from 'kysely';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';

/** Whose consumer it is (an app, or `client/<id>` of no app) and its name there. */
export interface ConsumerKey {
  owner: string;
  name: string;
}

export interface ConsumerRow extends ConsumerKey {
  types: string[] | null;
  place: EventCursor;
  movedAt: Date;
  /** The lease, when it is open. */
  leaseId: string | null;
  leaseUntil: Date | null;
}

const columns = sql`owner, name, types, jsonb_build_object('xid', xid::text, 'position', position) as place,
  moved_at as "movedAt", case when lease_until > clock_timestamp() then lease_id end as "leaseId",
  case when lease_until > clock_timestamp() then lease_until end as "leaseUntil"`;
const isConsumer = ({ owner, name }: ConsumerKey) => sql`owner = ${owner} and name = ${name}`;

/** False when there is one already, which keeps its place, or when `most` are there. */
export const insertConsumer = (
  db: Database,
  consumer: ConsumerKey & { types: string[] | null; place: EventCursor; createdBy: string; most: number },
): Promise<boolean> =>
  inTransaction(db, async tx => {
    // Counted and inserted by one at a time for each owner.
    await sql`select pg_advisory_xact_lock(hashtext('event_consumer'), hashtext(${consumer.owner}))`.execute(
      tx,
    );
    const { rows } = await sql`
      insert into event_consumer (owner, name, types, xid, position, created_by)
      select ${consumer.owner}, ${consumer.name}, ${consumer.types}::text[], ${consumer.place.xid}::xid8,
             ${consumer.place.position}::bigint, ${consumer.createdBy}
      where (select count(*) from event_consumer where owner = ${consumer.owner}) < ${consumer.most}
      on conflict do nothing returning 1`.execute(tx);
    return rows.length > 0;
  });

export const updateTypes = async (db: Database, key: ConsumerKey, types: string[]): Promise<void> => {
  await sql`update event_consumer set types = ${types}::text[] where ${isConsumer(key)}`.execute(db);
};

export const findConsumer = async (db: Database, key: ConsumerKey): Promise<ConsumerRow | undefined> => {
  const { rows } = await sql<ConsumerRow>`
    select ${columns} from event_consumer where ${isConsumer(key)}`.execute(db);
  return rows[0];
};

export const listConsumers = async (db: Database, owner: string): Promise<ConsumerRow[]> => {
  const { rows } = await sql<ConsumerRow>`
    select ${columns} from event_consumer where owner = ${owner} order by name`.execute(db);
  return rows;
};

/** False when there is none. */
export const deleteConsumer = async (db: Database, key: ConsumerKey): Promise<boolean> => {
  const { rows } = await sql`delete from event_consumer where ${isConsumer(key)} returning 1`.execute(db);
  return rows.length > 0;
};

/** Sets the place, whatever it was, and ends a lease under way. False when there is no such consumer. */
export const moveConsumer = async (db: Database, key: ConsumerKey, place: EventCursor): Promise<boolean> => {
  const { rows } = await sql`
    update event_consumer set xid = ${place.xid}::xid8, position = ${place.position}::bigint,
      lease_id = null, lease_until = null, moved_at = clock_timestamp()
    where ${isConsumer(key)} returning 1`.execute(db);
  return rows.length > 0;
};

/** For every consumer how long the oldest fact behind its place has waited, in seconds; 0 at the end of the log. */
export const readLags = async (db: Database): Promise<(ConsumerKey & { seconds: number })[]> => {
  const { rows } = await sql<ConsumerKey & { seconds: number }>`
    select c.owner, c.name, coalesce(extract(epoch from clock_timestamp() - n.at), 0)::float8 as seconds
    from event_consumer c left join lateral (
      select e.at from event e
      where (e.xid, e.position) > (c.xid, c.position) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      order by e.xid, e.position limit 1) n on true`.execute(db);
  return rows;
};
