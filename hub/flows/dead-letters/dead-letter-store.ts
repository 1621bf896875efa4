import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { FlowDeadLetter, FlowStage } from '#schemas/flow.ts';

/** Which dead letters are meant; what is absent is not asked. */
export interface DeadLetterFilter {
  stage: FlowStage;
  flow?: string | undefined;
  node?: string | undefined;
  code?: string | undefined;
  ids?: string[] | undefined;
}

const fits = ({ stage, flow, node, code, ids }: DeadLetterFilter) => sql`
  state = 'dead' and stage = ${stage}
  and (${flow ?? null}::text is null or flow = ${flow ?? null})
  and (${node ?? null}::text is null or fault->>'node' = ${node ?? null})
  and (${code ?? null}::text is null or fault->>'code' = ${code ?? null})
  and (${ids ?? null}::uuid[] is null or id = any(${ids ?? null}::uuid[]))`;

/** Newest first, up to one more than `limit`. */
export const listDeadLetters = async (
  db: Database,
  filter: DeadLetterFilter,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<(FlowDeadLetter & { sequence: number })[]> => {
  const { rows } = await sql<FlowDeadLetter & { sequence: number }>`
    select m.id, m.stage, m.flow, m.fault, m.message, m.tries as attempts, m.settled_at as at, m.sequence::int as sequence,
      coalesce((select tab->>'label' from flow_stage s join flow_version v on v.number = s.version,
        json_array_elements(v.contents) tab where s.stage = m.stage and tab->>'id' = m.flow limit 1), m.flow) as "flowName"
    from flow_message m where ${fits(filter)} and (${before ?? null}::bigint is null or m.sequence < ${before ?? null})
    order by m.sequence desc limit ${limit + 1}`.execute(db);
  return rows;
};

/** Lets dead letters be tried again from the node where they came in; answers how many. */
export const replayDeadLetters = async (tx: Tx, filter: DeadLetterFilter): Promise<number> => {
  const { rows } = await sql`
    update flow_message set state = 'ready', tries = 0, due_at = clock_timestamp(), settled_at = null
    where ${fits(filter)} returning 1`.execute(tx);
  return rows.length;
};
