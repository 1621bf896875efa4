import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { FlowFault, FlowStage } from '#schemas/flow.ts';

export interface SourcePlace {
  stage: FlowStage;
  flow: string;
  node: string;
}

/**
 * Makes known what is new; what is known keeps its place, and its time unless it is set otherwise now. A node that was moved to another
 * tab goes on from its place.
 */
export const keepSources = async (
  db: Database,
  stage: FlowStage,
  sources: { flow: string; node: string; setting: string; nextAt: string }[],
): Promise<void> => {
  await sql`
    insert into flow_source as s (stage, flow, node, setting, cursor, next_at)
    select ${stage}, g.flow, g.node, g.setting, (
      select cursor from flow_source known where known.stage = ${stage} and known.node = g.node
      order by known.next_at desc limit 1), g."nextAt"
    from jsonb_to_recordset(${JSON.stringify(sources)}::jsonb)
      as g (flow text, node text, setting text, "nextAt" timestamptz)
    on conflict (stage, flow, node) do update set setting = excluded.setting, next_at = excluded.next_at
      where s.setting <> excluded.setting`.execute(db);
};

/** Takes sources whose time has come, of those named, for two minutes; an earlier holder that died has lost them by then. */
export const takeDue = async (
  db: Database,
  stage: FlowStage,
  sources: { flow: string; node: string }[],
): Promise<(SourcePlace & { cursor: string | null; dueAt: Date; failures: number })[]> => {
  const { rows } = await sql<SourcePlace & { cursor: string | null; dueAt: Date; failures: number }>`
    update flow_source set lease_until = clock_timestamp() + interval '2 minutes'
    where (stage, flow, node) in (
      select stage, flow, node from flow_source
      where stage = ${stage} and next_at <= clock_timestamp()
        and (lease_until is null or lease_until <= clock_timestamp())
        and (flow, node) in (select flow, node from jsonb_to_recordset(${JSON.stringify(sources)}::jsonb)
          as named (flow text, node text))
      order by next_at limit 20 for update skip locked)
    returning stage, flow, node, cursor, next_at as "dueAt", failures`.execute(db);
  return rows;
};

/** Moves a source on; false when somebody else did meanwhile: then nothing may be taken in. */
export const moveSource = async (
  tx: Tx,
  { stage, flow, node }: SourcePlace,
  { from, to, nextAt }: { from: string | null; to: string | null; nextAt: string },
): Promise<boolean> => {
  const { rows } = await sql`
    update flow_source set cursor = ${to}, next_at = ${nextAt}::timestamptz, lease_until = null, failures = 0, fault = null
    where stage = ${stage} and flow = ${flow} and node = ${node} and cursor is not distinct from ${from}
      and lease_until is not null returning 1`.execute(tx);
  return rows.length > 0;
};

/** Notes why a source brought nothing, and when it is asked again. */
export const failSource = async (
  db: Database,
  { stage, flow, node }: SourcePlace,
  fault: FlowFault,
  nextAt: string,
): Promise<void> => {
  await sql`
    update flow_source set failures = failures + 1, fault = ${JSON.stringify(fault)}::jsonb,
      next_at = ${nextAt}::timestamptz, lease_until = null
    where stage = ${stage} and flow = ${flow} and node = ${node}`.execute(db);
};
