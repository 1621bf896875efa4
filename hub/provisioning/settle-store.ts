import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { ExchangeRecord, Settlement } from './settlement.ts';

export interface SettledKey {
  app: string;
  staffId: string;
}

/**
 * Writes the outcomes of tasks whose lease is still ours and answers which those were. News that came
 * meanwhile (a larger generation) makes a finished task ready again at once: `again`.
 */
export const settleTaskRows = async (
  tx: Tx,
  settlements: Settlement[],
): Promise<(SettledKey & { again: boolean })[]> => {
  const rows = settlements.map(one => ({
    app: one.task.app,
    staff_id: one.task.staffId,
    token: one.task.leaseToken,
    generation: one.task.generation,
    outcome: one.outcome,
    attempts: one.attempts,
    delay_ms: one.delayMs ?? 0,
    intent: one.intent ?? null,
    error_code: one.error?.code ?? null,
    error_message: one.error?.message.slice(0, 500) ?? null,
  }));
  const { rows: settled } = await sql<SettledKey & { again: boolean }>`
    with r as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
        app text, staff_id uuid, token uuid, generation bigint, outcome text, attempts int,
        delay_ms float8, intent text, error_code text, error_message text)),
    locked as materialized (
      select t.app, t.staff_id from r join provisioning_task t on t.app = r.app and t.staff_id = r.staff_id
      where t.state = 'leased' and t.lease_token = r.token
      order by t.app, t.staff_id for update of t)
    update provisioning_task t set
      state = case
        when r.outcome in ('retry', 'returned') or t.generation > r.generation then 'ready'
        else r.outcome end,
      due_at = case r.outcome
        when 'returned' then t.due_at
        when 'retry' then now() + r.delay_ms * interval '1 millisecond'
        else now() end,
      attempts = case
        when r.outcome = 'returned' then t.attempts
        when r.outcome <> 'retry' and t.generation > r.generation then 0
        else r.attempts end,
      done_generation = case r.outcome when 'done' then r.generation else t.done_generation end,
      done_at = case r.outcome when 'done' then clock_timestamp() else t.done_at end,
      fact_at = case r.outcome when 'done' then t.fact_at else coalesce(t.lease_fact_at, t.fact_at) end,
      lease_fact_at = null, lease_token = null, lease_until = null,
      error_code = case r.outcome when 'returned' then t.error_code else r.error_code end,
      error_message = case r.outcome when 'returned' then t.error_message else r.error_message end,
      intent = coalesce(r.intent, t.intent),
      forced = t.forced and not (r.outcome = 'done' and t.generation = r.generation),
      confirmed = t.confirmed and not (r.outcome = 'done' and t.generation = r.generation),
      held_at = case
        when r.outcome = 'held' then coalesce(t.held_at, now())
        when r.outcome = 'done' or r.intent = 'upsert' then null
        else t.held_at end,
      changed_at = clock_timestamp()
    from r join locked l on l.app = r.app and l.staff_id = r.staff_id
    where t.app = l.app and t.staff_id = l.staff_id
    returning t.app, t.staff_id as "staffId",
      (r.outcome not in ('retry', 'returned') and t.generation > r.generation) as again
  `.execute(tx);
  return settled;
};

/**
 * Calls whose lease had ended while they ran: another node may have called the app in between, and which of
 * the two came last nobody knows. The app is given the truth once more.
 */
export const repeatLost = async (tx: Tx, keys: SettledKey[]): Promise<void> => {
  if (keys.length === 0) return;
  await sql`
    update provisioning_task t set
      generation = t.generation + 1, forced = true,
      state = case t.state when 'leased' then 'leased' else 'ready' end,
      due_at = case t.state when 'leased' then t.due_at else now() end
    from unnest(${keys.map(key => key.app)}::text[], ${keys.map(key => key.staffId)}::uuid[]) k(app, staff_id)
    where t.app = k.app and t.staff_id = k.staff_id
  `.execute(tx);
};

/** External ids among these that somebody else is linked to. */
export const findHolders = async (
  db: Database | Tx,
  wanted: { app: string; externalId: string }[],
): Promise<{ app: string; externalId: string; staffId: string }[]> => {
  if (wanted.length === 0) return [];
  const { rows } = await sql<{ app: string; externalId: string; staffId: string }>`
    select a.app, a.external_id as "externalId", a.staff_id as "staffId"
    from unnest(${wanted.map(one => one.app)}::text[], ${wanted.map(one => one.externalId)}::text[])
      w(app, external_id)
    join account a on a.app = w.app and a.external_id = w.external_id
  `.execute(db);
  return rows;
};

/** Writes account rows and counts their versions up by one for each that has an event; answers the versions. */
export const writeAccounts = async (
  tx: Tx,
  settlements: Settlement[],
): Promise<{ app: string; staffId: string; version: number }[]> => {
  if (settlements.length === 0) return [];
  const rows = settlements.map(({ task, account, event }) => ({
    app: task.app,
    staff_id: task.staffId,
    keep: account === undefined,
    external_id: account?.externalId ?? null,
    enabled: account?.enabled ?? false,
    given: account?.given ?? {},
    state: account?.state ?? 'linked',
    events: event === undefined ? 0 : 1,
  }));
  const { rows: written } = await sql<{ app: string; staffId: string; version: number }>`
    with r as materialized (
      select r.app, r.staff_id, events,
        case when keep then a.external_id else r.external_id end as external_id,
        case when keep then coalesce(a.enabled, false) else r.enabled end as enabled,
        case when keep then coalesce(a.given, '{}') else r.given end as given,
        case when keep then coalesce(a.state, 'linked') else r.state end as state
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
        app text, staff_id uuid, keep boolean, external_id text, enabled boolean, given jsonb, state text,
        events int)
      left join account a on a.app = r.app and a.staff_id = r.staff_id)
    insert into account as a (app, staff_id, external_id, enabled, given, version, state)
    select app, staff_id, external_id, enabled, given, events, state from r order by app, staff_id
    on conflict (app, staff_id) do update set
      external_id = excluded.external_id, enabled = excluded.enabled, given = excluded.given,
      state = excluded.state, version = a.version + excluded.version, updated_at = clock_timestamp()
    returning a.app, a.staff_id as "staffId", a.version
  `.execute(tx);
  return written;
};

export const writeExchanges = async (db: Database | Tx, exchanges: ExchangeRecord[]): Promise<void> => {
  if (exchanges.length === 0) return;
  await sql`
    insert into exchange (app, port, method, staff_id, task_generation, outcome, error_code, detail,
                          external_id, duration_ms, fact_at, at)
    select app, port, method, "staffId", generation, outcome, "errorCode", left(detail, 500),
           "externalId", "durationMs", "factAt", at
    from jsonb_to_recordset(${JSON.stringify(exchanges)}::jsonb) as e(
      app text, port text, method text, "staffId" uuid, generation bigint, outcome text, "errorCode" text,
      detail text, "externalId" text, "durationMs" int, "factAt" timestamptz, at timestamptz)
  `.execute(db);
};
