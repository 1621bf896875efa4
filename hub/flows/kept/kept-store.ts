import { sql } from 'kysely';
import { toJsonb } from '#hub/flows/messages/to-jsonb.ts';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { FlowStage } from '#schemas/flow.ts';

interface Place {
  stage: FlowStage;
  flow: string;
  node: string;
  key: string;
}

/** Takes a key; true also when the same message took it before. */
export const takeOnce = async (
  tx: Tx,
  { stage, flow, node, key }: Place,
  messageId: string,
): Promise<boolean> => {
  const { rows } = await sql<{ first: boolean }>`
    insert into flow_once as o (stage, flow, node, key, message_id)
    values (${stage}, ${flow}, ${node}, ${key}, ${messageId})
    on conflict (stage, flow, node, key) do update set message_id = o.message_id
    returning message_id = ${messageId}::uuid as first`.execute(tx);
  return rows[0]!.first;
};

/** Adds a part to what belongs together, or replaces it; answers all parts there are. */
export const addPart = async (
  tx: Tx,
  { stage, flow, node, key }: Place,
  part: { name: string; message: unknown; until: string },
): Promise<Record<string, unknown>> => {
  const parts = toJsonb({ [part.name]: part.message });
  const { rows } = await sql<{ parts: Record<string, unknown> }>`
    insert into flow_correlation as c (stage, flow, node, key, parts, until)
    values (${stage}, ${flow}, ${node}, ${key}, ${parts}::jsonb, ${part.until}::timestamptz)
    on conflict (stage, flow, node, key) do update set parts = c.parts || excluded.parts
    returning parts`.execute(tx);
  return rows[0]!.parts;
};

export const endCorrelation = async (tx: Tx, { stage, flow, node, key }: Place): Promise<void> => {
  await sql`delete from flow_correlation
    where stage = ${stage} and flow = ${flow} and node = ${node} and key = ${key}`.execute(tx);
};

/** What waited long enough; removed here, so the caller's transaction must let it go on. */
export const takeOverdue = async (
  tx: Tx,
  limit: number,
): Promise<(Place & { parts: Record<string, unknown> })[]> => {
  const { rows } = await sql<Place & { parts: Record<string, unknown> }>`
    delete from flow_correlation where (stage, flow, node, key) in (
      select stage, flow, node, key from flow_correlation where until <= clock_timestamp()
      order by until limit ${limit} for update skip locked)
    returning stage, flow, node, key, parts`.execute(tx);
  return rows;
};

export const readValue = async (
  db: Database,
  { stage, flow, key }: Omit<Place, 'node'>,
): Promise<{ value?: unknown; version: number }> => {
  const { rows } = await sql<{ value: unknown; version: number }>`
    select value, version from flow_state where stage = ${stage} and flow = ${flow} and key = ${key}`.execute(
    db,
  );
  return rows[0] ?? { version: 0 };
};

/** Writes a value when its version is the expected one (0: it is not there yet); undefined: it was another. */
export const writeValue = async (
  db: Database,
  { stage, flow, key }: Omit<Place, 'node'>,
  value: unknown,
  expected: number | undefined,
): Promise<number | undefined> => {
  const { rows } = await sql<{ version: number }>`
    insert into flow_state as s (stage, flow, key, value, version)
    select ${stage}, ${flow}, ${key}, ${toJsonb(value)}::jsonb, 1
    where ${expected ?? null}::int is null or ${expected ?? null}::int = 0
      or exists (select 1 from flow_state where stage = ${stage} and flow = ${flow} and key = ${key})
    on conflict (stage, flow, key) do update
      set value = excluded.value, version = s.version + 1, changed_at = clock_timestamp()
      where ${expected ?? null}::int is null or s.version = ${expected ?? null}::int
    returning version`.execute(db);
  return rows[0]?.version;
};

export const removeValue = async (
  db: Database,
  { stage, flow, key }: Omit<Place, 'node'>,
  expected: number | undefined,
): Promise<boolean> => {
  const { rows } = await sql`
    delete from flow_state where stage = ${stage} and flow = ${flow} and key = ${key}
      and (${expected ?? null}::int is null or version = ${expected ?? null}::int) returning 1`.execute(db);
  return rows.length > 0;
};
