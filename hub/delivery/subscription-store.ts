import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { SubscriptionChange } from '#schemas/subscription.ts';

/** A subscription as stored, with what is counted around it. */
export interface SubscriptionRow {
  id: string;
  app: string;
  url: string;
  description: string;
  types: string[] | null;
  state: 'active' | 'paused' | 'disabled';
  disabledReason: 'gone' | 'failing' | null;
  concurrency: number;
  rate: number | null;
  contact: string | null;
  signingKeys: Buffer;
  xid: string;
  position: number;
  replaying: boolean;
  failures: number;
  failingSince: Date | null;
  lastSuccessAt: Date | null;
  lastErrorAt: Date | null;
  lastErrorCode: string | null;
  lastErrorStatus: number | null;
  createdAt: Date;
  createdBy: string;
  parked: number;
  dead: number;
  /** When the first event that is not dealt with was written. */
  nextAt: Date | null;
}

const columns = sql`
  s.id, s.app, s.url, s.description, s.types, s.state, s.disabled_reason as "disabledReason", s.concurrency, s.rate,
  s.contact, s.signing_keys as "signingKeys", s.xid::text as xid, s.position,
  s.replay_until_xid is not null as replaying, s.failures, s.failing_since as "failingSince",
  s.last_success_at as "lastSuccessAt", s.last_error_at as "lastErrorAt", s.last_error_code as "lastErrorCode",
  s.last_error_status as "lastErrorStatus", s.created_at as "createdAt", s.created_by as "createdBy",
  (select count(*)::int from delivery_parked p where p.subscription_id = s.id and p.state = 'waiting') as parked,
  (select count(*)::int from delivery_parked p where p.subscription_id = s.id and p.state = 'dead') as dead,
  (select e.at from event e
    where e.xid < pg_snapshot_xmin(pg_current_snapshot()) and (e.xid, e.position) > (s.xid, s.position)
    order by e.xid, e.position limit 1) as "nextAt"`;

/** `app` absent: of all apps. In the order of their ids, after one of them. */
export const listSubscriptions = async (
  db: Database | Tx,
  { app, after, limit }: { app: string | undefined; after: string | undefined; limit: number },
): Promise<SubscriptionRow[]> => {
  const { rows } = await sql<SubscriptionRow>`
    select ${columns} from subscription s
    where true ${app === undefined ? sql`` : sql`and s.app = ${app}`}
      ${after === undefined ? sql`` : sql`and s.id > ${after}::uuid`}
    order by s.id limit ${limit}
  `.execute(db);
  return rows;
};

export const findSubscription = async (
  db: Database | Tx,
  id: string,
): Promise<SubscriptionRow | undefined> => {
  const { rows } = await sql<SubscriptionRow>`
    select ${columns} from subscription s where s.id = ${id}::uuid`.execute(db);
  return rows[0];
};

/** Holds a subscription's row until the end of the transaction; false when it is gone. */
export const lockSubscription = async (tx: Tx, id: string): Promise<boolean> => {
  const { rows } = await sql`select from subscription where id = ${id}::uuid for update`.execute(tx);
  return rows.length > 0;
};

export const insertSubscription = async (
  tx: Tx,
  given: {
    app: string;
    url: string;
    description: string;
    types: string[] | null;
    concurrency: number;
    rate: number | null;
    contact: string | null;
    signingKeys: Buffer;
    place: EventCursor;
    createdBy: string;
  },
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into subscription (app, url, description, types, state, concurrency, rate, contact, signing_keys,
                              xid, position, created_by)
    values (${given.app}, ${given.url}, ${given.description}, ${given.types}, 'active', ${given.concurrency},
            ${given.rate}, ${given.contact}, ${given.signingKeys}, ${given.place.xid}::xid8, ${given.place.position},
            ${given.createdBy})
    returning id
  `.execute(tx);
  return rows[0]!.id;
};

/** What is absent keeps its value. */
export const updateSubscription = async (tx: Tx, id: string, change: SubscriptionChange): Promise<void> => {
  const { url, description, types, concurrency, rate, contact } = change;
  await sql`
    update subscription set
      url = coalesce(${url ?? null}, url), description = coalesce(${description ?? null}, description),
      concurrency = coalesce(${concurrency ?? null}::int, concurrency),
      types = case when ${types === undefined} then types else ${types ?? null}::text[] end,
      rate = case when ${rate === undefined} then rate else ${rate ?? null}::int end,
      contact = case when ${contact === undefined} then contact else ${contact ?? null}::text end,
      revision = revision + 1, updated_at = clock_timestamp()
    where id = ${id}::uuid
  `.execute(tx);
};

/** Switches it off and on; switched on again, its receiver is thought to be sound. */
export const setState = async (tx: Tx, id: string, state: 'active' | 'paused'): Promise<void> => {
  await sql`
    update subscription set state = ${state}, disabled_reason = null,
      failures = case when ${state} = 'active' then 0 else failures end,
      failing_since = case when ${state} = 'active' then null else failing_since end,
      revision = revision + 1, updated_at = clock_timestamp()
    where id = ${id}::uuid
  `.execute(tx);
};

export const setKeys = async (tx: Tx, id: string, signingKeys: Buffer): Promise<void> => {
  await sql`
    update subscription set signing_keys = ${signingKeys}, revision = revision + 1, updated_at = clock_timestamp()
    where id = ${id}::uuid`.execute(tx);
};

/** Its rows were changed by hand: who serves it reads them anew. */
export const touchSubscription = async (tx: Tx, id: string): Promise<void> => {
  await sql`update subscription set revision = revision + 1 where id = ${id}::uuid`.execute(tx);
};

/**
 * Sets the place back. Reading goes on from `after`; behind `to` (if given) it jumps to where it was. Who serves it
 * may not move the place any more (`epoch`) until it has read it anew.
 */
export const setBack = async (
  tx: Tx,
  id: string,
  { after, to }: { after: EventCursor; to: EventCursor | undefined },
): Promise<void> => {
  await sql`
    update subscription set
      -- A replay within a replay ends where the first would have.
      replay_until_xid = coalesce(replay_until_xid, xid),
      replay_until_position = coalesce(replay_until_position, position),
      replay_to_xid = ${to?.xid ?? null}::xid8, replay_to_position = ${to?.position ?? null}::bigint,
      xid = ${after.xid}::xid8, position = ${after.position}::bigint,
      epoch = epoch + 1, revision = revision + 1
    where id = ${id}::uuid
  `.execute(tx);
};

export const deleteSubscription = async (tx: Tx, id: string): Promise<void> => {
  await sql`delete from subscription where id = ${id}::uuid`.execute(tx);
};

/** The place right before the first event written at or after a time; undefined when there is none. */
export const placeBefore = async (db: Database | Tx, time: string): Promise<EventCursor | undefined> => {
  const { rows } = await sql<EventCursor>`
    select xid::text as xid, position - 1 as position from event
    where at >= ${time}::timestamptz order by event.xid, position limit 1
  `.execute(db);
  return rows[0];
};
