import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { AppHealth, Exchange, ProvisioningTask, StaffAccount } from '#schemas/provisioning.ts';

const taskColumns = sql`
  t.app, t.staff_id as "staffId", t.state, t.attempts, t.due_at as "dueAt", t.changed_at as "changedAt",
  t.done_at as "doneAt", t.error_code as "errorCode", t.error_message as "errorMessage"`;

interface TaskRow {
  app: string;
  staffId: string;
  state: string;
  attempts: number;
  dueAt: Date;
  changedAt: Date;
  doneAt: Date | null;
  errorCode: string | null;
  errorMessage: string | null;
}

const toTask = (row: TaskRow): ProvisioningTask => ({
  app: row.app,
  staffId: row.staffId,
  state: row.state,
  attempts: row.attempts,
  dueAt: row.dueAt.toISOString(),
  changedAt: row.changedAt.toISOString(),
  ...(row.doneAt === null ? {} : { doneAt: row.doneAt.toISOString() }),
  ...(row.errorCode === null ? {} : { error: { code: row.errorCode, message: row.errorMessage ?? '' } }),
});

/** Tasks in the order of app and person, after a place in that order. */
export const listTasks = async (
  db: Database | Tx,
  filter: {
    app?: string;
    states?: string[];
    staffId?: string;
    code?: string;
    after?: { app: string; staffId: string };
    limit: number;
  },
): Promise<ProvisioningTask[]> => {
  // The states in words of their own, so that the partial index of stopped tasks fits.
  const states = filter.states
    ? sql`and t.state in (${sql.join(filter.states.map(state => sql.lit(state)))})`
    : sql``;
  const { rows } = await sql<TaskRow>`
    select ${taskColumns} from provisioning_task t
    where true ${states}
      ${filter.app === undefined ? sql`` : sql`and t.app = ${filter.app}`}
      ${filter.staffId === undefined ? sql`` : sql`and t.staff_id::text = ${filter.staffId}`}
      ${filter.code === undefined ? sql`` : sql`and t.error_code = ${filter.code}`}
      ${filter.after === undefined ? sql`` : sql`and (t.app, t.staff_id) > (${filter.after.app}, ${filter.after.staffId}::uuid)`}
    order by t.app, t.staff_id limit ${filter.limit}
  `.execute(db);
  return rows.map(toTask);
};

/** A person's accounts, and the tasks of apps that have none for them yet. */
export const accountsOf = async (db: Database | Tx, staffId: string): Promise<StaffAccount[]> => {
  const { rows } = await sql<
    TaskRow & {
      appId: string;
      externalId: string | null;
      enabled: boolean | null;
      given: Record<string, unknown> | null;
      accountState: string | null;
      updatedAt: Date;
    }
  >`
    select coalesce(a.app, t.app) as "appId", a.external_id as "externalId", a.enabled, a.given,
      a.state as "accountState", coalesce(a.updated_at, t.changed_at) as "updatedAt", ${taskColumns}
    from (select * from account where staff_id = ${staffId}::uuid) a
    full join (select * from provisioning_task where staff_id = ${staffId}::uuid) t on t.app = a.app
    order by 1
  `.execute(db);
  return rows.map(row => ({
    app: row.appId,
    staffId,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    enabled: row.enabled ?? false,
    given: row.given ?? {},
    state: row.accountState === 'disputed' ? 'disputed' : row.externalId === null ? 'none' : 'linked',
    updatedAt: row.updatedAt.toISOString(),
    ...(row.state === null ? {} : { task: toTask({ ...row, app: row.appId, staffId }) }),
  }));
};

export const listExchanges = async (
  db: Database | Tx,
  filter: {
    id?: string;
    staffId?: string;
    app?: string;
    outcome?: string;
    before?: { at: string; id: string };
    limit: number;
  },
): Promise<(Exchange & { place: { at: string; id: string } })[]> => {
  const { rows } = await sql<
    Record<'staffId' | 'errorCode' | 'detail' | 'externalId', string | null> &
      Record<'id' | 'app' | 'port' | 'method' | 'outcome' | 'exactAt', string> & {
        durationMs: number;
        at: Date;
      }
  >`
    select id, app, port, method, staff_id as "staffId", outcome, error_code as "errorCode", detail,
      external_id as "externalId", duration_ms as "durationMs", at, at::text as "exactAt"
    from exchange
    where true
      ${filter.id === undefined ? sql`` : sql`and id::text = ${filter.id}`}
      ${filter.staffId === undefined ? sql`` : sql`and staff_id::text = ${filter.staffId}`}
      ${filter.app === undefined ? sql`` : sql`and app = ${filter.app}`}
      ${filter.outcome === undefined ? sql`` : sql`and outcome = ${filter.outcome}`}
      ${filter.before === undefined ? sql`` : sql`and (at, id) < (${filter.before.at}::timestamptz, ${filter.before.id}::uuid)`}
    order by at desc, id desc limit ${filter.limit}
  `.execute(db);
  return rows.map(({ exactAt, at, staffId, errorCode, detail, externalId, ...row }) => ({
    ...row,
    ...(staffId === null ? {} : { staffId }),
    ...(errorCode === null ? {} : { errorCode }),
    ...(detail === null ? {} : { detail }),
    ...(externalId === null ? {} : { externalId }),
    at: at.toISOString(),
    place: { at: exactAt, id: row.id },
  }));
};

export interface QueueRow {
  app: string;
  state: string;
  count: number;
  unfiled: number;
  oldest: Date | null;
}

/**
 * What waits in each app, counted on the small indexes of tasks that are not done. `unfiled`: of these, those whom
 * the app did not know when it was last asked.
 */
export const countQueues = async (db: Database | Tx): Promise<QueueRow[]> => {
  const unfiled = sql`error_code is not distinct from 'not-found'`;
  const { rows } = await sql<QueueRow>`
    select app, 'ready' as state, count(*)::int as count, count(*) filter (where ${unfiled})::int as unfiled,
        min(due_at) filter (where not ${unfiled}) as oldest
      from provisioning_task where state = 'ready' group by app
    union all
    select app, state, count(*)::int, count(*) filter (where ${unfiled})::int, null
      from provisioning_task where state = 'leased' group by app, state
    union all
    select app, state, count(*)::int, 0, null
      from provisioning_task where state in ('dead', 'held') group by app, state
  `.execute(db);
  return rows;
};

export const countAllAccounts = async (db: Database | Tx): Promise<Map<string, number>> => {
  const { rows } = await sql<{ app: string; count: number }>`
    select app, count(*)::int as count from account where external_id is not null group by app`.execute(db);
  return new Map(rows.map(row => [row.app, row.count]));
};

export const readAppHealth = async (
  db: Database | Tx,
): Promise<Pick<AppHealth, 'app' | 'lastSuccessAt' | 'lastErrorAt' | 'lastError'>[]> => {
  const { rows } = await sql<{
    app: string;
    success: Date | null;
    failure: Date | null;
    code: string | null;
    message: string | null;
  }>`
    select app, last_success_at as success, last_error_at as failure, last_error_code as code,
      last_error_message as message from app_health`.execute(db);
  return rows.map(row => ({
    app: row.app,
    ...(row.success === null ? {} : { lastSuccessAt: row.success.toISOString() }),
    ...(row.failure === null ? {} : { lastErrorAt: row.failure.toISOString() }),
    ...(row.code === null ? {} : { lastError: { code: row.code, message: row.message ?? '' } }),
  }));
};
