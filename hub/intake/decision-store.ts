import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

export interface NewDecision {
  source: string;
  origin: string;
  reason: string;
  record: Buffer;
  unitIds: unknown;
  candidates: unknown;
}

/** Keeps doubts; one that was kept before (same source and origin) keeps its id and state, an open one learns what is known now. */
export const keepDecisions = async (db: Database, decisions: NewDecision[]): Promise<string[]> => {
  const ids: string[] = [];
  for (const decision of decisions) {
    const { rows } = await sql<{ id: string }>`
      insert into decision (source, origin, reason, record, unit_ids, candidates)
      values (${decision.source}, ${decision.origin}, ${decision.reason}, ${decision.record},
        ${JSON.stringify(decision.unitIds)}::jsonb, ${JSON.stringify(decision.candidates)}::jsonb)
      on conflict (source, origin) do update set
        reason = case decision.state when 'open' then excluded.reason else decision.reason end,
        unit_ids = case decision.state when 'open' then excluded.unit_ids else decision.unit_ids end,
        candidates = case decision.state when 'open' then excluded.candidates else decision.candidates end
      returning id`.execute(db);
    ids.push(rows[0]!.id);
  }
  return ids;
};

export interface DecisionRow {
  id: string;
  source: string;
  origin: string;
  state: string;
  reason: string;
  record: Buffer;
  unitIds: { unitIds?: string[]; mainUnitId?: string };
  candidates: never[];
  createdAt: string;
}

const columns = sql`id, source, origin, state, reason, record, unit_ids as "unitIds", candidates,
  created_at::text as "createdAt"`;

export const listDecisionRows = async (db: Database, state: string, limit: number): Promise<DecisionRow[]> =>
  (
    await sql<DecisionRow>`
      select ${columns} from decision where state = ${state} order by created_at limit ${limit}`.execute(db)
  ).rows;

export const findDecisionRow = async (db: Database, id: string): Promise<DecisionRow | undefined> =>
  (await sql<DecisionRow>`select ${columns} from decision where id::text = ${id}`.execute(db)).rows[0];

/** Marks it decided; false when somebody was faster. */
export const closeDecision = async (
  db: Database,
  id: string,
  choice: string,
  actor: string,
): Promise<boolean> => {
  const { rows } = await sql`
    update decision set state = 'decided', choice = ${choice}, decided_by = ${actor}, decided_at = clock_timestamp()
    where id::text = ${id} and state = 'open' returning id`.execute(db);
  return rows.length > 0;
};
