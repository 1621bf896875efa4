import { sql } from 'kysely';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';

/** A subscription as its server needs it. */
export interface ServedSubscription {
  id: string;
  app: string;
  url: string;
  types: string[] | null;
  state: 'active' | 'paused' | 'disabled';
  concurrency: number;
  rate: number | null;
  contact: string | null;
  signingKeys: Buffer;
  xid: string;
  position: number;
  replayTo: EventCursor | null;
  replayUntil: EventCursor | null;
  failures: number;
  failingSince: Date | null;
  revision: number;
  epoch: number;
}

const columns = sql`
  id, app, url, types, state, concurrency, rate, contact, signing_keys as "signingKeys", xid::text as xid, position,
  case when replay_to_xid is not null then
    json_build_object('xid', replay_to_xid::text, 'position', replay_to_position) end as "replayTo",
  case when replay_until_xid is not null then
    json_build_object('xid', replay_until_xid::text, 'position', replay_until_position) end as "replayUntil",
  failures, failing_since as "failingSince", revision, epoch`;

/** Holds on to what this node serves; tells its ids, revisions and states. What is missing is lost. */
export const renewLeases = async (
  db: Database,
  node: string,
  leaseMs: number,
): Promise<{ id: string; revision: number; state: string }[]> => {
  const { rows } = await sql<{ id: string; revision: number; state: string }>`
    update subscription set lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where lease_node = ${node}::uuid
    returning id, revision, state
  `.execute(db);
  return rows;
};

/** Takes every active subscription that nobody serves. */
export const claimSubscriptions = async (
  db: Database,
  node: string,
  leaseMs: number,
): Promise<ServedSubscription[]> => {
  const { rows } = await sql<ServedSubscription>`
    update subscription
    set lease_node = ${node}::uuid, lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where id in (
      select id from subscription
      where state = 'active' and (lease_until is null or lease_until < clock_timestamp())
      for update skip locked)
    returning ${columns}
  `.execute(db);
  return rows;
};

export const readServed = async (
  db: Database,
  node: string,
  id: string,
): Promise<ServedSubscription | undefined> => {
  const { rows } = await sql<ServedSubscription>`
    select ${columns} from subscription where id = ${id}::uuid and lease_node = ${node}::uuid`.execute(db);
  return rows[0];
};

export const releaseLease = async (db: Database, node: string, id: string): Promise<void> => {
  await sql`
    update subscription set lease_node = null, lease_until = null
    where id = ${id}::uuid and lease_node = ${node}::uuid`.execute(db);
};

/** For a process that works alone on its database: nobody else can still be serving. */
export const releaseAllLeases = async (db: Database): Promise<void> => {
  await sql`update subscription set lease_node = null, lease_until = null`.execute(db);
};

/** Ends a subscription, with a line in the trail; false when another node serves it, or it is ended already. */
export const disableServed = (
  db: Database,
  node: string,
  { id, reason }: { id: string; reason: 'gone' | 'failing' },
): Promise<boolean> =>
  inTransaction(db, async (tx: Tx) => {
    const { rows } = await sql<{ app: string }>`
      update subscription set state = 'disabled', disabled_reason = ${reason}, revision = revision + 1,
        updated_at = clock_timestamp()
      where id = ${id}::uuid and lease_node = ${node}::uuid and state = 'active'
      returning app
    `.execute(tx);
    const [found] = rows;
    if (found === undefined) return false;
    await appendAudit(tx, {
      actor: 'system',
      action: 'subscription.disabled',
      object: `subscription/${id}`,
      detail: { reason, app: found.app },
    });
    return true;
  });
