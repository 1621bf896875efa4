import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';

export interface NewDecision {
  source: string;
  origin: string;
  reason: string;
  record: Buffer;
  /** A keyed hash of the record: the same doubt sent again is known by it. */
  content: Buffer;
  unitIds: unknown;
  candidates: unknown;
}

/** The one of this origin, or an open one that holds the same; an open one learns what is known now. */
const renewDecision = async (db: Database, decision: NewDecision): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    update decision set
      reason = case state when 'open' then ${decision.reason} else reason end,
      unit_ids = case state when 'open' then ${JSON.stringify(decision.unitIds)}::jsonb else unit_ids end,
      candidates = case state when 'open' then ${JSON.stringify(decision.candidates)}::jsonb else candidates end
    where id = (select id from decision where source = ${decision.source}
      and (origin = ${decision.origin} or (state = 'open' and content = ${decision.content}))
      order by origin = ${decision.origin} desc limit 1)
    returning id`.execute(db);
  return rows[0]?.id;
};

const insertDecision = async (db: Database, decision: NewDecision): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    insert into decision (source, origin, reason, record, content, unit_ids, candidates)
    values (${decision.source}, ${decision.origin}, ${decision.reason}, ${decision.record}, ${decision.content},
      ${JSON.stringify(decision.unitIds)}::jsonb, ${JSON.stringify(decision.candidates)}::jsonb)
    on conflict do nothing returning id`.execute(db);
  return rows[0]?.id;
};

/**
 * Keeps doubts; one that was kept before (same source and origin) keeps its id and state. One that is open already
 * under another origin (same source and content) is not kept a second time.
 */
export const keepDecisions = async (db: Database, decisions: NewDecision[]): Promise<string[]> => {
  const ids: string[] = [];
  for (const decision of decisions) {
    let id: string | undefined;
    // Between the two somebody else may keep the same, or decide it.
    while (id === undefined) id = (await renewDecision(db, decision)) ?? (await insertDecision(db, decision));
    ids.push(id);
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
  ${isoTime('created_at')} as "createdAt"`;

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
