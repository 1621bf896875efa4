import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import { lockKeys } from '#hub/platform/event-log-store.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { FlowStage } from '#schemas/flow.ts';
import type { FlowStageChange } from '#schemas/flow-version.ts';

type Row = Omit<FlowStageChange, 'before' | 'proposal'> & { before: number | null; proposal: number | null };
const toChange = ({ before, proposal, ...change }: Row): FlowStageChange => ({
  ...change,
  ...(before === null ? {} : { before }),
  ...(proposal === null ? {} : { proposal }),
});

const columns = sql`number, stage, version, before, kind, proposal, actor, actor_name as "actorName", reason,
  ${isoTime('at')} as at`;

/** Until the end of the transaction nobody else changes what this stage runs. */
export const lockStage = (tx: Tx, stage: FlowStage): Promise<void> => lockKeys(tx, [`flow-stage/${stage}`]);

/** What each stage runs. */
export const readStages = async (db: Database | Tx): Promise<FlowStageChange[]> => {
  const { rows } = await sql<Row>`select ${columns} from flow_stage order by stage desc`.execute(db);
  return rows.map(toChange);
};

/** Undefined: the stage never ran anything. */
export const readStage = async (
  db: Database | Tx,
  stage: FlowStage,
): Promise<FlowStageChange | undefined> => {
  const { rows } = await sql<Row>`select ${columns} from flow_stage where stage = ${stage}`.execute(db);
  return rows[0] && toChange(rows[0]);
};

/** Newest first. */
export const listStageChanges = async (
  db: Database,
  stage: FlowStage,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<FlowStageChange[]> => {
  const { rows } = await sql<Row>`
    select ${columns} from flow_stage_change
    where stage = ${stage} and (number < ${before ?? null}::int or ${before ?? null}::int is null)
    order by number desc limit ${limit}`.execute(db);
  return rows.map(toChange);
};

export const hasRun = async (tx: Tx, stage: FlowStage, version: number): Promise<boolean> => {
  const { rows } = await sql`
    select from flow_stage_change where stage = ${stage} and version = ${version} limit 1`.execute(tx);
  return rows.length > 0;
};

export const insertStageChange = async (
  tx: Tx,
  given: Omit<FlowStageChange, 'number' | 'at'>,
): Promise<FlowStageChange> => {
  const { rows } = await sql<Row>`
    insert into flow_stage_change (stage, version, before, kind, proposal, actor, actor_name, reason)
    values (${given.stage}, ${given.version}, ${given.before ?? null}, ${given.kind}, ${given.proposal ?? null},
            ${given.actor}, ${given.actorName}, ${given.reason})
    returning ${columns}`.execute(tx);
  return toChange(rows[0]!);
};
