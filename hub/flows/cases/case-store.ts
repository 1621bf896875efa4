import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { FlowCase } from '#schemas/flow-case.ts';

/** A case with its flow. */
export interface CaseRow {
  flow: string;
  given: FlowCase;
}

/** Cases of some flows, or of all, in the order of their names. */
export const listCases = async (db: Database, flows: string[] | undefined): Promise<CaseRow[]> => {
  const { rows } = await sql<CaseRow>`select flow, contents as given from flow_case
    where ${flows ?? null}::text[] is null or flow = any(${flows ?? null}::text[]) order by flow, name`.execute(
    db,
  );
  return rows;
};

/** Keeps a case; one of the same name is replaced. */
export const putCase = async (
  db: Database | Tx,
  flow: string,
  given: FlowCase,
  actor: string,
): Promise<void> => {
  await sql`insert into flow_case (flow, name, contents, changed_by)
    values (${flow}, ${given.name}, ${JSON.stringify(given)}::jsonb, ${actor})
    on conflict (flow, name) do update set contents = excluded.contents, changed_by = excluded.changed_by,
      changed_at = clock_timestamp()`.execute(db);
};

export const removeCase = async (db: Database, flow: string, name: string): Promise<boolean> => {
  const { rows } =
    await sql`delete from flow_case where flow = ${flow} and name = ${name} returning 1`.execute(db);
  return rows.length > 0;
};
