import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { DecisionOutcome, WaitingStep } from '#schemas/signing.ts';

/** A document as it was shown when it was chosen: once decided it waits no more, and is still to be named. */
export type ChosenDocument = Pick<WaitingStep, 'stepId' | 'title' | 'app' | 'documentId'>;

/** By step. */
export type Numbers = Record<string, { number: string; date: string }>;

/** One decision of a person over one or many documents. `open`: nothing of it was decided yet. */
export interface DecisionRow {
  id: string;
  documents: ChosenDocument[];
  state: 'open' | 'deciding' | 'decided';
  decision: 'approve' | 'refuse' | null;
  /** Số và ký hiệu, ngày ban hành, as the clerk filled them in last, by step. */
  numbers: Numbers;
  /** Of the last attempt; null: there was none. */
  outcomes: DecisionOutcome[] | null;
}

const keptDays = 7;
const columns = sql`id, documents, state, decision, numbers, outcomes`;

/** Begins a decision; one that is there already stays. What is long over is forgotten. */
export const beginDecision = async (
  db: Database,
  { id, staffId, documents }: { id: string; staffId: string; documents: ChosenDocument[] },
): Promise<void> => {
  await sql`delete from signing_desk_decision
    where staff_id = ${staffId} and changed_at < now() - ${keptDays} * interval '1 day'`.execute(db);
  await sql`insert into signing_desk_decision (id, staff_id, documents)
    values (${id}, ${staffId}, ${JSON.stringify(documents)}::jsonb) on conflict (id) do nothing`.execute(db);
};

/** A person's own; undefined: there is none. */
export const findDecision = async (
  db: Database,
  id: string,
  staffId: string,
): Promise<DecisionRow | undefined> => {
  const { rows } = await sql<DecisionRow>`
    select ${columns} from signing_desk_decision where id = ${id} and staff_id = ${staffId}`.execute(db);
  return rows[0];
};

/** Keeps what was filled in, so that it need not be typed again when nothing is decided yet. */
export const keepNumbers = async (
  db: Database,
  id: string,
  staffId: string,
  numbers: Numbers,
): Promise<void> => {
  await sql`update signing_desk_decision set numbers = ${JSON.stringify(numbers)}::jsonb
    where id = ${id} and staff_id = ${staffId} and state = 'open'`.execute(db);
};

/** Takes an open one for deciding; undefined: it is not open, whoever sends the form a second time is too late. */
export const takeDecision = async (
  db: Database,
  id: string,
  staffId: string,
  decision: 'approve' | 'refuse',
): Promise<DecisionRow | undefined> => {
  const { rows } = await sql<DecisionRow>`
    update signing_desk_decision
    set state = 'deciding', decision = ${decision}, outcomes = null, changed_at = clock_timestamp()
    where id = ${id} and staff_id = ${staffId} and state = 'open' returning ${columns}`.execute(db);
  return rows[0];
};

/** Keeps what came of it. Of nothing decided it is open again. */
export const settleDecision = async (
  db: Database,
  id: string,
  state: 'open' | 'decided',
  outcomes: DecisionOutcome[],
): Promise<void> => {
  await sql`
    update signing_desk_decision set state = ${state}, outcomes = ${JSON.stringify(outcomes)}::jsonb,
      changed_at = clock_timestamp() where id = ${id}`.execute(db);
};

/** What went wrong with single documents among many that were decided, the latest of each step. */
export const lastFailures = async (db: Database, staffId: string): Promise<Map<string, DecisionOutcome>> => {
  const { rows } = await sql<{ outcome: DecisionOutcome }>`
    select o.outcome from signing_desk_decision d, jsonb_array_elements(d.outcomes) o(outcome)
    where d.staff_id = ${staffId} and d.state = 'decided' order by d.changed_at`.execute(db);
  return new Map(
    rows.filter(({ outcome }) => !outcome.ok).map(({ outcome }) => [outcome.stepId, outcome] as const),
  );
};
