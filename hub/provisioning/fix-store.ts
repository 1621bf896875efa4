import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** A finding that was chosen to be mended. */
export interface ChosenFinding {
  id: number;
  kind: string;
  action: string;
  staffId: string | null;
  otherStaffId: string | null;
  unitId: string | null;
  externalId: string | null;
  disables: boolean;
}

const columns = sql`
  id, kind, action, staff_id as "staffId", other_staff_id as "otherStaffId", unit_id as "unitId",
  external_id as "externalId", disables`;

/** Locks the reconciliation and answers what the guard needs. */
export const lockForFix = async (
  tx: Tx,
  id: string,
): Promise<
  { app: string; state: string; accounts: number; unitAccounts: Record<string, number> } | undefined
> => {
  const { rows } = await sql<{
    app: string;
    state: string;
    accounts: number;
    unitAccounts: Record<string, number>;
  }>`
    select app, state, coalesce((counts ->> 'accounts')::int, 0) as accounts,
      unit_accounts as "unitAccounts"
    from reconciliation where id = ${id}::uuid for update`.execute(tx);
  return rows[0];
};

export const openFindings = async (
  tx: Tx,
  id: string,
  filter: { kinds?: string[]; findingIds?: number[] },
): Promise<ChosenFinding[]> => {
  const { rows } = await sql<ChosenFinding>`
    select ${columns} from reconciliation_finding
    where reconciliation_id = ${id}::uuid and state = 'open' and action <> 'none'
      and (kind = any(${filter.kinds ?? []}::text[]) or id = any(${filter.findingIds ?? []}::bigint[]))
    order by id`.execute(tx);
  return rows;
};

/** Of these ids those that the comparison did not find. */
export const strangeFindings = async (tx: Tx, id: string, findingIds: number[]): Promise<number[]> => {
  const { rows } = await sql<{ id: string }>`
    select chosen.id::text as id from unnest(${findingIds}::bigint[]) chosen(id)
    where not exists (
      select from reconciliation_finding f where f.reconciliation_id = ${id}::uuid and f.id = chosen.id)`.execute(
    tx,
  );
  return rows.map(row => Number(row.id));
};

export const markChosen = async (tx: Tx, id: string, findingIds: number[]): Promise<void> => {
  await sql`
    update reconciliation_finding set state = 'chosen', chosen_at = clock_timestamp()
    where id = any(${findingIds}::bigint[])`.execute(tx);
  await sql`
    update reconciliation set state = 'fixing', finished_at = null, lease_token = null, lease_until = null
    where id = ${id}::uuid`.execute(tx);
};

/** Takes links away: of these people to these accounts, or (without one) to any. */
export const dropLinks = async (
  tx: Tx,
  app: string,
  links: { staffId: string; externalId: string | null }[],
): Promise<void> => {
  await sql`
    update account a set external_id = null, given = '{}', enabled = false, state = 'linked'
    from unnest(${links.map(link => link.staffId)}::uuid[], ${links.map(link => link.externalId)}::text[])
      l(staff_id, external_id)
    where a.app = ${app} and a.staff_id = l.staff_id
      and (l.external_id is null or a.external_id = l.external_id)`.execute(tx);
};

/** Links people to accounts unless they have a link, or the account does. What was given is not known. */
export const addLinks = async (
  tx: Tx,
  app: string,
  links: { staffId: string; externalId: string }[],
): Promise<void> => {
  await sql`
    insert into account as a (app, staff_id, external_id, enabled, given)
    select distinct on (l.external_id) ${app}, l.staff_id, l.external_id, true, '{}'::jsonb
    from unnest(${links.map(link => link.staffId)}::uuid[], ${links.map(link => link.externalId)}::text[])
      l(staff_id, external_id)
    where not exists (select from account o where o.app = ${app} and o.external_id = l.external_id)
    on conflict (app, staff_id) do update set
      external_id = coalesce(a.external_id, excluded.external_id),
      enabled = case when a.external_id is null then true else a.enabled end, state = 'linked'
  `.execute(tx);
};

/** Bulk tasks that call the app whatever it was given before; the guard of the plan has asked already. */
export const forceTasks = async (tx: Tx, app: string, staffIds: string[]): Promise<void> => {
  await sql`
    insert into provisioning_task as t (app, staff_id, state, due_at, forced, confirmed, priority)
    select distinct ${app}, staff_id, 'ready', now(), true, true, 1
    from unnest(${staffIds}::uuid[]) staff_id order by 2
    on conflict (app, staff_id) do update set
      generation = t.generation + 1, forced = true, confirmed = true,
      state = case t.state when 'leased' then 'leased' else 'ready' end,
      attempts = 0,
      priority = case when t.state in ('ready', 'leased') then t.priority else 1 end,
      due_at = case t.state when 'leased' then t.due_at else now() end,
      changed_at = clock_timestamp()`.execute(tx);
};

/** Accounts of nobody, and second ones, that are to be closed: no task can speak of them. */
export const chosenDirect = async (db: Database, id: string): Promise<ChosenFinding[]> => {
  const { rows } = await sql<ChosenFinding>`
    select ${columns} from reconciliation_finding
    where reconciliation_id = ${id}::uuid and state = 'chosen' and action = 'disable'
      and kind in ('orphan', 'disputed')
    order by id`.execute(db);
  return rows;
};

export const endFinding = async (
  db: Database | Tx,
  findingId: number,
  end: { state: 'done' | 'open'; detail?: string },
): Promise<void> => {
  await sql`
    update reconciliation_finding set state = ${end.state}, detail = coalesce(${end.detail ?? null}, detail)
    where id = ${findingId} and state = 'chosen'`.execute(db);
};

/** Ends findings whose tasks have ended: mended, or open again with the reason. Answers how many still wait. */
export const followTasks = async (db: Database, id: string, app: string): Promise<number> => {
  await sql`
    update reconciliation_finding f set
      state = case t.state when 'done' then 'done' else 'open' end,
      detail = case t.state when 'done' then f.detail else coalesce(t.error_code, f.detail) end
    from provisioning_task t
    where f.reconciliation_id = ${id}::uuid and f.state = 'chosen' and f.staff_id is not null
      and not (f.action = 'disable' and f.kind = 'disputed')
      and t.app = ${app} and t.staff_id = f.staff_id and t.state in ('done', 'dead', 'held')
      and t.changed_at >= f.chosen_at`.execute(db);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from reconciliation_finding
    where reconciliation_id = ${id}::uuid and state = 'chosen'`.execute(db);
  return rows[0]!.count;
};
