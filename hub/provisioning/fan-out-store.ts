import { sql } from 'kysely';
import { type Database, mayBeLost, often, type Tx } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';

const reader = 'provisioning';

/** Somebody who was touched as an app sees it, and when the first of the events about them was written (null: by no event). */
export interface Touched {
  app: string;
  staffId: string;
  at: Date | null;
  /** One of many: gives way to changes of single people. */
  bulk: boolean;
}

export const ensureReader = async (db: Database | Tx, at: EventCursor): Promise<void> => {
  await sql`
    insert into event_reader (name, xid, position) values (${reader}, ${at.xid}::xid8, ${at.position})
    on conflict do nothing`.execute(db);
};

/** `lossy`: nothing was written with it, so what lies before may be read again after a power cut. */
export const placeReader = async (
  db: Database | Tx,
  at: EventCursor,
  { lossy = false } = {},
): Promise<void> => {
  await sql`${often}
    insert into event_reader (name, xid, position)
    select ${reader}, ${at.xid}::xid8, ${at.position}::bigint where ${lossy ? mayBeLost : sql`true`}
    on conflict (name) do update set xid = excluded.xid, position = excluded.position, updated_at = now()
  `.execute(db);
};

/** Takes the reader for this transaction; undefined while another node has it. */
export const lockReader = async (tx: Tx): Promise<EventCursor | undefined> => {
  const { rows } = await sql<EventCursor>`${often}
    select xid::text as xid, position from event_reader where name = ${reader} for update skip locked
  `.execute(tx);
  return rows[0];
};

/**
 * One more generation of work for every (app, person): a new task, or the same one woken. A leased one stays
 * leased and becomes ready when it is settled; any other is due at once, a given-up one from the beginning. Bulk
 * work never takes its place from a live change that still waits.
 */
export const upsertTasks = async (db: Database | Tx, touched: Touched[]): Promise<void> => {
  if (touched.length === 0) return;
  await sql`
    insert into provisioning_task as t (app, staff_id, state, due_at, fact_at, priority)
    select app, staff_id, 'ready', now(), fact_at, case when bulk then 1 else 0 end
    from unnest(${touched.map(one => one.app)}::text[], ${touched.map(one => one.staffId)}::uuid[],
                ${touched.map(one => one.at)}::timestamptz[],
                ${touched.map(one => one.bulk)}::boolean[]) s(app, staff_id, fact_at, bulk)
    order by app, staff_id
    on conflict (app, staff_id) do update set
      generation = t.generation + 1,
      state = case t.state when 'leased' then 'leased' else 'ready' end,
      attempts = case when t.state in ('ready', 'leased') then t.attempts else 0 end,
      due_at = case t.state when 'leased' then t.due_at else now() end,
      priority = case when t.state in ('ready', 'leased') then least(t.priority, excluded.priority)
        else excluded.priority end,
      fact_at = coalesce(t.fact_at, excluded.fact_at),
      changed_at = clock_timestamp()
  `.execute(db);
};

/** Where the reader is; the beginning when it has never read. */
export const readerPlace = async (db: Database | Tx): Promise<EventCursor> => {
  const { rows } = await sql<EventCursor>`
    select xid::text as xid, position from event_reader where name = ${reader}`.execute(db);
  return rows[0] ?? { xid: '0', position: 0 };
};

/** Forgets work that nobody has begun: what it was for counts as delivered. */
export const dropReadyTasks = async (tx: Tx): Promise<void> => {
  await sql`delete from provisioning_task where state = 'ready'`.execute(tx);
};
