import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { AccountRow } from './plan-account.ts';

/** A task that this node works on until its lease ends. */
export interface ClaimedTask {
  app: string;
  staffId: string;
  generation: number;
  attempts: number;
  factAt: Date | null;
  forced: boolean;
  confirmed: boolean;
  held: boolean;
  /** One of many: gives way to changes of single people. */
  bulk: boolean;
  leaseToken: string;
  leaseUntil: Date;
}

/** How many tasks of an app to take, and for how long. */
export interface ClaimWish {
  app: string;
  /** Live ones. */
  limit: number;
  /** All together, as far as live ones do not fill it: the rest is bulk work. */
  fill: number;
  leaseMs: number;
}

/**
 * Takes due tasks of several apps at once, live changes before bulk work, the longest due first; never one that
 * somebody else holds.
 */
export const claimTasks = async (db: Database | Tx, wishes: ClaimWish[]): Promise<ClaimedTask[]> => {
  const { rows } = await sql<ClaimedTask>`
    with wish as materialized (
      select * from unnest(
        ${wishes.map(w => w.app)}::text[], ${wishes.map(w => w.limit)}::int[],
        ${wishes.map(w => w.fill)}::int[], ${wishes.map(w => w.leaseMs)}::float8[]) w(app, n, fill, lease_ms)),
    live as materialized (
      select p.app, p.staff_id, w.lease_ms from wish w
      cross join lateral (
        select t.app, t.staff_id from provisioning_task t
        where t.app = w.app and t.state = 'ready' and t.priority = 0 and t.due_at <= now()
        order by t.due_at limit w.n for update skip locked) p),
    bulk as materialized (
      select p.app, p.staff_id, w.lease_ms from wish w
      cross join lateral (
        select t.app, t.staff_id from provisioning_task t
        where t.app = w.app and t.state = 'ready' and t.priority = 1 and t.due_at <= now()
        order by t.due_at
        limit greatest(0, w.fill - (select count(*) from live l where l.app = w.app))
        for update skip locked) p),
    picked as (select * from live union all select * from bulk)
    update provisioning_task t set
      state = 'leased', lease_token = gen_random_uuid(),
      lease_until = now() + p.lease_ms * interval '1 millisecond',
      lease_fact_at = t.fact_at, fact_at = null
    from picked p
    where t.app = p.app and t.staff_id = p.staff_id
    returning t.app, t.staff_id as "staffId", t.generation, t.attempts, t.lease_fact_at as "factAt",
      t.forced, t.confirmed, t.held_at is not null as held, t.priority = 1 as bulk, t.lease_token as "leaseToken",
      t.lease_until as "leaseUntil"
  `.execute(db);
  return rows;
};

/** Gives back what a node that is gone had taken: what is overdue, or all when no other node can be at work. */
export const expireLeases = async (db: Database | Tx, { all = false } = {}): Promise<number> => {
  const result = await sql`
    with expired as materialized (
      select app, staff_id from provisioning_task
      where state = 'leased' and lease_until < ${all ? sql`'infinity'` : sql`now()`}
      order by lease_until limit 5000 for update skip locked)
    update provisioning_task t set
      state = 'ready', due_at = now(), lease_token = null, lease_until = null,
      fact_at = coalesce(t.lease_fact_at, t.fact_at), lease_fact_at = null
    from expired e where t.app = e.app and t.staff_id = e.staff_id
  `.execute(db);
  return Number(result.numAffectedRows ?? 0);
};

export interface AccountOf extends AccountRow {
  app: string;
  staffId: string;
}

/** What the apps were last given for these (app, person). */
export const loadAccounts = async (
  db: Database | Tx,
  keys: { app: string; staffId: string }[],
): Promise<AccountOf[]> => {
  const { rows } = await sql<Omit<AccountOf, 'externalId'> & { externalId: string | null }>`
    select a.app, a.staff_id as "staffId", a.external_id as "externalId", a.enabled, a.given
    from unnest(${keys.map(key => key.app)}::text[], ${keys.map(key => key.staffId)}::uuid[]) k(app, staff_id)
    join account a on a.app = k.app and a.staff_id = k.staff_id
  `.execute(db);
  return rows.map(({ externalId, ...row }) => (externalId === null ? row : { ...row, externalId }));
};
