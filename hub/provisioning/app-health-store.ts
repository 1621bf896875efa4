import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** Notes sound answers (at most once a second for each app) and answers which of these apps were failing. */
export const noteSuccesses = async (tx: Database | Tx, apps: string[]): Promise<string[]> => {
  if (apps.length === 0) return [];
  const { rows } = await sql<{ app: string }>`
    select app from app_health where app = any(${apps}::text[]) and failing_since is not null`.execute(tx);
  await sql`
    insert into app_health as h (app, last_success_at)
    select app, clock_timestamp() from unnest(${apps}::text[]) app order by app
    on conflict (app) do update set last_success_at = excluded.last_success_at
    where h.last_success_at is null or h.last_success_at < now() - interval '1 second'
  `.execute(tx);
  return rows.map(row => row.app);
};

/** `fault`: the app itself is at fault, so that its next sound answer is a recovery. */
export const noteFailures = async (
  tx: Database | Tx,
  failures: { app: string; code: string; message: string; fault: boolean }[],
): Promise<void> => {
  if (failures.length === 0) return;
  await sql`
    insert into app_health as h (app, failing_since, last_error_at, last_error_code, last_error_message)
    select app, case when fault then clock_timestamp() end, clock_timestamp(), code, left(message, 500)
    from jsonb_to_recordset(${JSON.stringify(failures)}::jsonb) as f(
      app text, code text, message text, fault boolean)
    order by app
    on conflict (app) do update set
      failing_since = coalesce(h.failing_since, excluded.failing_since),
      last_error_at = excluded.last_error_at, last_error_code = excluded.last_error_code,
      last_error_message = excluded.last_error_message
  `.execute(tx);
};

/** An app is well again: who waits because of its faults is due now. Rows that are in use are due anyway. */
export const bringForward = async (tx: Tx, app: string, codes: readonly string[]): Promise<void> => {
  await sql`
    with waiting as materialized (
      select app, staff_id from provisioning_task
      where app = ${app} and state = 'ready' and due_at > now() and error_code = any(${codes}::text[])
      for update skip locked)
    update provisioning_task t set due_at = now()
    from waiting w where t.app = w.app and t.staff_id = w.staff_id
  `.execute(tx);
  await sql`update app_health set failing_since = null where app = ${app}`.execute(tx);
};

/**
 * Apps were changed, perhaps mended: who waits because an app has been failing is tried soon. Not at once: the
 * connectors take the new settings first.
 */
export const tryFailingSoon = async (db: Database | Tx, codes: readonly string[]): Promise<void> => {
  await sql`
    with waiting as materialized (
      select t.app, t.staff_id from app_health h join provisioning_task t on t.app = h.app
      where h.failing_since is not null and t.state = 'ready' and t.due_at > now() + interval '2 seconds'
        and t.error_code = any(${codes}::text[])
      for update of t skip locked)
    update provisioning_task t set due_at = now() + interval '2 seconds'
    from waiting w where t.app = w.app and t.staff_id = w.staff_id
  `.execute(db);
};
