import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { ConsumerKey } from './consumer-store.ts';

// Every change is one statement that compares what it goes out from. PostgreSQL's clock judges leases: one clock for
// all nodes, and clock_timestamp() because a statement that waited for the row must not judge by when it began.

const isAt = ({ owner, name }: ConsumerKey, place: EventCursor) => sql`
  owner = ${owner} and name = ${name} and xid = ${place.xid}::xid8 and position = ${place.position}::bigint
  and (lease_until is null or lease_until <= clock_timestamp())`;
const isOpen = ({ owner, leaseId }: LeaseKey) => sql`
  owner = ${owner} and lease_id = ${leaseId}::uuid and lease_until > clock_timestamp()`;

export interface LeaseKey {
  owner: string;
  leaseId: string;
}
export interface OpenLease {
  leaseId: string;
  until: Date;
}
/** A lease as it is now. `place` is the consumer's: everything up to there is acknowledged; `end` the page's. */
export interface HeldLease {
  name: string;
  place: EventCursor;
  end: EventCursor;
  until: Date;
}

/** Leases the page between the consumer's place and `end`; undefined when it moved or somebody was faster. */
export const insertLease = async (
  db: Database,
  lease: ConsumerKey & { place: EventCursor; end: EventCursor; seconds: number },
): Promise<OpenLease | undefined> => {
  const { rows } = await sql<OpenLease>`
    update event_consumer set lease_id = gen_random_uuid(),
      lease_until = clock_timestamp() + ${lease.seconds} * interval '1 second',
      lease_xid = ${lease.end.xid}::xid8, lease_position = ${lease.end.position}::bigint
    where ${isAt(lease, lease.place)} returning lease_id as "leaseId", lease_until as until`.execute(db);
  return rows[0];
};

/** Moves the place over what the app sees nothing of. False when it moved or is leased. */
export const skipTo = async (
  db: Database,
  skip: ConsumerKey & { place: EventCursor; end: EventCursor },
): Promise<boolean> => {
  const { rows } = await sql`
    update event_consumer set xid = ${skip.end.xid}::xid8, position = ${skip.end.position}::bigint,
      moved_at = clock_timestamp()
    where ${isAt(skip, skip.place)} returning 1`.execute(db);
  return rows.length > 0;
};

/** The lease while it is open. */
export const findLease = async (db: Database, key: LeaseKey): Promise<HeldLease | undefined> => {
  const { rows } = await sql<HeldLease>`
    select name, lease_until as until, jsonb_build_object('xid', xid::text, 'position', position) as place,
      jsonb_build_object('xid', lease_xid::text, 'position', lease_position) as end
    from event_consumer where ${isOpen(key)}`.execute(db);
  return rows[0];
};

/** Acknowledges up to `to`, which lies within the lease; up to its end the lease is over. False when it is lost. */
export const acknowledgeTo = async (db: Database, key: LeaseKey, to: EventCursor): Promise<boolean> => {
  const end = sql`(lease_xid, lease_position)`;
  const place = sql`(${to.xid}::xid8, ${to.position}::bigint)`;
  const { rows } = await sql`
    update event_consumer set xid = ${to.xid}::xid8, position = ${to.position}::bigint,
      moved_at = clock_timestamp(),
      lease_id = case when ${end} > ${place} then lease_id end,
      lease_until = case when ${end} > ${place} then lease_until end
    where ${isOpen(key)} and ${place} >= (xid, position) and ${place} <= ${end} returning 1`.execute(db);
  return rows.length > 0;
};

/** Lets the lease last so many seconds from now; undefined when it is lost. */
export const extendTo = async (db: Database, key: LeaseKey, seconds: number): Promise<boolean> => {
  const { rows } = await sql`
    update event_consumer set lease_until = clock_timestamp() + ${seconds} * interval '1 second'
    where ${isOpen(key)} returning 1`.execute(db);
  return rows.length > 0;
};

/** Ends the lease; what is not acknowledged comes again. False when it is lost. */
export const endLease = async (db: Database, key: LeaseKey): Promise<boolean> => {
  const { rows } = await sql`
    update event_consumer set lease_id = null, lease_until = null where ${isOpen(key)} returning 1`.execute(
    db,
  );
  return rows.length > 0;
};
