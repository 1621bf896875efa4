import { sql } from 'kysely';
import type { Tx } from '#hub/platform/database.ts';
import { readHead } from '#hub/platform/event-log-store.ts';
import type { FlowInput, FlowStage } from '#schemas/flow.ts';

/**
 * Lets a stage have these inputs. A new one begins at the end of the log, one that comes back goes on from its place, and so
 * does a node that was moved to another tab. What is gone becomes inactive.
 */
export const followInputs = async (
  tx: Tx,
  stage: FlowStage,
  inputs: Omit<FlowInput, 'stage'>[],
): Promise<void> => {
  // The reading of the log goes on meanwhile: places stand still from here to the end of the transaction.
  await sql`select from flow_input where stage = ${stage} order by flow, node for update`.execute(tx);
  const head = await readHead(tx);
  const given = sql`jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb)
    as given (flow text, node text, types text[], ordered boolean, attempts integer)`;
  await sql`
    insert into flow_input (stage, flow, node, types, ordered, attempts, active, xid, position)
    select ${stage}, given.flow, given.node, given.types, given.ordered, given.attempts, true,
           coalesce(kept.xid, ${head.xid}::xid8), coalesce(kept.position, ${head.position}::bigint)
    from ${given}
    left join lateral (
      select xid, position from flow_input
      where stage = ${stage} and node = given.node
      order by flow_input.xid desc, position desc limit 1
    ) kept on true
    on conflict (stage, flow, node) do update
      set types = excluded.types, ordered = excluded.ordered, attempts = excluded.attempts, active = true,
          xid = excluded.xid, position = excluded.position
  `.execute(tx);
  await sql`
    update flow_input set active = false
    where stage = ${stage} and active
      and not exists (select from ${given} where given.flow = flow_input.flow and given.node = flow_input.node)
  `.execute(tx);
};
