import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { StreamRecord } from './check-stream.ts';

/** A stream, its place in the log and what it was given. */
export interface StreamRow extends StreamRecord {
  stream: string;
  app: string | null;
  seenAs: string | null;
  cursor: EventCursor;
}

type Flat = Omit<StreamRow, 'cursor'> & EventCursor;
const toRow = ({ xid, position, ...row }: Flat): StreamRow => ({ ...row, cursor: { xid, position } });
const columns = sql`s.stream, s.app, s.seen_as as "seenAs", s.created, s.last_seq as "lastSeq",
  s.last_id as "lastId", s.marks, r.xid::text as xid, r.position`;
const leaseSeconds = 15;

/** Makes the list of streams what it shall be: the shared one and one for each of the apps. */
export const setStreams = async (
  db: Database,
  streams: { stream: string; app: string | null }[],
): Promise<void> => {
  const names = streams.map(({ stream }) => stream);
  await sql`
    with gone as (delete from mirror_stream where stream <> all(${names}::text[]) returning stream),
      forgotten as (delete from event_reader using gone where name = 'mirror/' || gone.stream),
      made as (
        insert into mirror_stream (stream, app)
        select * from unnest(${names}::text[], ${streams.map(({ app }) => app)}::text[]) on conflict do nothing
        returning stream)
    insert into event_reader (name, xid, position) select 'mirror/' || stream, '0', 0 from made
    on conflict do nothing`.execute(db);
};

export const listStreams = async (db: Database): Promise<StreamRow[]> => {
  const { rows } = await sql<Flat>`
    select ${columns} from mirror_stream s join event_reader r on r.name = 'mirror/' || s.stream
    order by s.stream`.execute(db);
  return rows.map(toRow);
};

/** Takes every stream that no other node has, or renews what this one has. */
export const leaseStreams = async (db: Database, token: string): Promise<StreamRow[]> => {
  const { rows } = await sql<Flat>`
    update mirror_stream s
    set lease_token = ${token}, lease_until = now() + make_interval(secs => ${leaseSeconds})
    from event_reader r
    where r.name = 'mirror/' || s.stream
      and (s.lease_token = ${token} or s.lease_until is null or s.lease_until < now())
    returning ${columns}`.execute(db);
  return rows.map(toRow);
};

/** Gives up what this node has; without a token what any has (nobody else works on this database). */
export const releaseStreams = async (db: Database, token?: string): Promise<void> => {
  const whose = token === undefined ? sql`` : sql`where lease_token = ${token}`;
  await sql`update mirror_stream set lease_until = null, lease_token = null ${whose}`.execute(db);
};

/**
 * Notes what a stream was given, its place in the log with it, and renews the lease. False when another node has
 * taken the stream over: then nothing is noted.
 */
export const noteStream = async (db: Database, token: string, row: StreamRow): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    with noted as (
      update mirror_stream set
        created = ${row.created}, seen_as = ${row.seenAs}, last_seq = ${row.lastSeq}, last_id = ${row.lastId},
        marks = ${JSON.stringify(row.marks)}::jsonb,
        lease_until = now() + make_interval(secs => ${leaseSeconds})
      where stream = ${row.stream} and lease_token = ${token}
      returning stream)
    update event_reader set xid = ${row.cursor.xid}::xid8, position = ${row.cursor.position}, updated_at = now()
    from noted where name = 'mirror/' || noted.stream`.execute(db);
  return numAffectedRows === 1n;
};

/** The place just before the first fact that is not older than `since`; undefined: there is none. */
export const placeBefore = async (db: Database, since: Date): Promise<EventCursor | undefined> => {
  const { rows } = await sql<EventCursor>`
    select xid::text as xid, position - 1 as position from event where at >= ${since}
    order by event.xid, event.position limit 1`.execute(db);
  return rows[0];
};

/** Seconds since the oldest fact that each stream has not yet been given; 0 when it has all. */
export const streamLags = async (db: Database): Promise<{ stream: string; seconds: number }[]> => {
  const { rows } = await sql<{ stream: string; seconds: number }>`
    select substr(r.name, 8) as stream, coalesce(greatest(0, extract(epoch from now() - e.at)), 0)::float8 as seconds
    from event_reader r left join lateral (
      select at from event where (xid, position) > (r.xid, r.position) order by xid, position limit 1) e on true
    where r.name like 'mirror/%'`.execute(db);
  return rows;
};
