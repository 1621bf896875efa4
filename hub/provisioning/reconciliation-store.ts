import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { Finding, Reconciliation } from '#schemas/provisioning.ts';

const columns = sql`
  id, app, state, started_at as "startedAt", finished_at as "finishedAt", counts, error`;

type Row = Omit<Reconciliation, 'startedAt' | 'finishedAt' | 'error'> & {
  startedAt: Date;
  finishedAt: Date | null;
  error: string | null;
};
const toReconciliation = ({ startedAt, finishedAt, error, ...row }: Row): Reconciliation => ({
  ...row,
  startedAt: startedAt.toISOString(),
  ...(finishedAt === null ? {} : { finishedAt: finishedAt.toISOString() }),
  ...(error === null ? {} : { error }),
});

/** Begins one, or answers the one that runs for this app already. */
export const insertReconciliation = async (tx: Tx, app: string, actor: string): Promise<Reconciliation> => {
  await sql`select pg_advisory_xact_lock(7413, hashtext(${app}))`.execute(tx);
  const running = await sql<Row>`
    select ${columns} from reconciliation where app = ${app} and state = 'running'`.execute(tx);
  if (running.rows[0]) return toReconciliation(running.rows[0]);
  const { rows } = await sql<Row>`
    insert into reconciliation (app, state, actor) values (${app}, 'running', ${actor})
    returning ${columns}`.execute(tx);
  return toReconciliation(rows[0]!);
};

export const findReconciliation = async (
  db: Database | Tx,
  id: string,
): Promise<Reconciliation | undefined> => {
  const { rows } = await sql<Row>`
    select ${columns} from reconciliation where id = ${id}::uuid`.execute(db);
  return rows[0] && toReconciliation(rows[0]);
};

export const listReconciliations = async (
  db: Database,
  app: string | undefined,
): Promise<Reconciliation[]> => {
  const { rows } = await sql<Row>`
    select ${columns} from reconciliation
    where ${app === undefined ? sql`true` : sql`app = ${app}`}
    order by started_at desc limit 100`.execute(db);
  return rows.map(toReconciliation);
};

export const listFindings = async (
  db: Database,
  filter: { id: string; kind?: string; after?: number; limit: number },
): Promise<Finding[]> => {
  const { rows } = await sql<Record<string, unknown>>`
    select id, kind, staff_id as "staffId", external_id as "externalId", account, differences, detail,
      action, state
    from reconciliation_finding
    where reconciliation_id = ${filter.id}::uuid
      ${filter.kind === undefined ? sql`` : sql`and kind = ${filter.kind}`}
      ${filter.after === undefined ? sql`` : sql`and id > ${filter.after}`}
    order by id limit ${filter.limit}`.execute(db);
  return rows.map(
    row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Finding,
  );
};

/** A reconciliation that this node works on. */
export interface ClaimedJob {
  id: string;
  app: string;
  state: 'running' | 'fixing';
  token: string;
}

const leaseSeconds = 60;

export const claimJob = async (db: Database): Promise<ClaimedJob | undefined> => {
  const { rows } = await sql<ClaimedJob>`
    update reconciliation set lease_token = gen_random_uuid(),
      lease_until = now() + ${leaseSeconds} * interval '1 second'
    where id = (
      select id from reconciliation
      where state in ('running', 'fixing') and (lease_until is null or lease_until < now())
      order by started_at limit 1 for update skip locked)
    returning id, app, state, lease_token as token`.execute(db);
  return rows[0];
};

/** Lets go of every job: those who worked on them are gone. */
export const releaseJobs = async (db: Database | Tx): Promise<void> => {
  await sql`
    update reconciliation set lease_token = null, lease_until = null
    where state in ('running', 'fixing') and lease_token is not null`.execute(db);
};

/** Holds the job for another while; false when somebody else has taken it over. */
export const renewJob = async (db: Database | Tx, job: ClaimedJob): Promise<boolean> => {
  const result = await sql`
    update reconciliation set lease_until = now() + ${leaseSeconds} * interval '1 second'
    where id = ${job.id}::uuid and lease_token = ${job.token}::uuid`.execute(db);
  return Number(result.numAffectedRows ?? 0) === 1;
};

/** Ends the job, or (without a state) lets it go until `seconds` from now. */
export const endJob = async (
  db: Database | Tx,
  job: ClaimedJob,
  end: {
    state?: 'done' | 'failed' | 'fixed';
    counts?: Record<string, number>;
    unitAccounts?: Record<string, number>;
    error?: string;
    againInSeconds?: number;
  },
): Promise<void> => {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await sql`
    update reconciliation set
      state = coalesce(${end.state ?? null}, state),
      finished_at = case when ${end.state ?? null}::text is null then finished_at else clock_timestamp() end,
      counts = coalesce(${json(end.counts)}::jsonb, counts),
      unit_accounts = coalesce(${json(end.unitAccounts)}::jsonb, unit_accounts),
      error = ${end.error ?? null},
      lease_token = null,
      lease_until = case when ${end.state ?? null}::text is null
        then now() + ${end.againInSeconds ?? 0}::float8 * interval '1 second' end
    where id = ${job.id}::uuid and lease_token = ${job.token}::uuid`.execute(db);
};
