import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { FlowInput, FlowStage } from '#schemas/flow.ts';

export type InputRow = FlowInput & { place: EventCursor };

const columns = sql`stage, flow, node, types, ordered, attempts,
  jsonb_build_object('xid', xid::text, 'position', position) as place`;

/** The inputs of a stage that take events. */
export const listEventInputs = async (db: Database, stage: FlowStage): Promise<InputRow[]> => {
  const { rows } = await sql<InputRow>`select ${columns} from flow_input
    where stage = ${stage} and active and cardinality(types) > 0`.execute(db);
  return rows;
};

/** One input that runs. */
export const findInput = async (
  db: Database | Tx,
  { stage, flow, node }: Pick<FlowInput, 'stage' | 'flow' | 'node'>,
): Promise<InputRow | undefined> => {
  const { rows } = await sql<InputRow>`select ${columns} from flow_input
    where stage = ${stage} and flow = ${flow} and node = ${node} and active`.execute(db);
  return rows[0];
};

/** Moves an input's place; false when another node was faster, or the stage has it no more. */
export const moveInput = async (tx: Tx, input: InputRow, to: EventCursor): Promise<boolean> => {
  const { stage, flow, node, place } = input;
  const { rows } = await sql`
    update flow_input set xid = ${to.xid}::xid8, position = ${to.position}::bigint
    where stage = ${stage} and flow = ${flow} and node = ${node} and active
      and xid = ${place.xid}::xid8 and position = ${place.position}::bigint returning 1`.execute(tx);
  return rows.length > 0;
};
