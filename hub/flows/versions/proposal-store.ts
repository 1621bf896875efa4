import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { FlowProposal } from '#schemas/flow-version.ts';

/** Absent values come as null. */
type Row = { [K in keyof FlowProposal]: FlowProposal[K] | null };
const toProposal = (row: Row): FlowProposal =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as FlowProposal;

const columns = sql`number, version, base, state, author, author_name as "authorName", message,
  ${isoTime('at')} as at, reviewer, reviewer_name as "reviewerName", comment,
  ${isoTime('reviewed_at')} as "reviewedAt"`;

export const insertProposal = async (
  tx: Tx,
  given: Pick<FlowProposal, 'version' | 'base' | 'author' | 'authorName' | 'message'>,
): Promise<FlowProposal> => {
  const { rows } = await sql<Row>`
    insert into flow_proposal (version, base, author, author_name, message)
    values (${given.version}, ${given.base ?? null}, ${given.author}, ${given.authorName}, ${given.message})
    returning ${columns}`.execute(tx);
  return toProposal(rows[0]!);
};

/** One that waits for its review. */
export const findWaiting = async (
  tx: Tx,
  { version, base }: { version: number; base: number | undefined },
): Promise<FlowProposal | undefined> => {
  const { rows } = await sql<Row>`
    select ${columns} from flow_proposal
    where state = 'waiting' and version = ${version} and base is not distinct from ${base ?? null}::int
    order by number limit 1`.execute(tx);
  return rows[0] && toProposal(rows[0]);
};

/** Holds it until the end of the transaction. */
export const lockProposal = async (tx: Tx, number: number): Promise<FlowProposal | undefined> => {
  const { rows } = await sql<Row>`
    select ${columns} from flow_proposal where number = ${number} for update`.execute(tx);
  return rows[0] && toProposal(rows[0]);
};

/** Newest first. */
export const listProposals = async (
  db: Database,
  state: FlowProposal['state'] | undefined,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<FlowProposal[]> => {
  const { rows } = await sql<Row>`
    select ${columns} from flow_proposal
    where (state = ${state ?? null} or ${state ?? null}::text is null)
      and (number < ${before ?? null}::int or ${before ?? null}::int is null)
    order by number desc limit ${limit}`.execute(db);
  return rows.map(toProposal);
};

export const recordReview = async (
  tx: Tx,
  given: Required<Pick<FlowProposal, 'number' | 'state' | 'reviewer' | 'reviewerName' | 'comment'>>,
): Promise<FlowProposal> => {
  const { rows } = await sql<Row>`
    update flow_proposal set state = ${given.state}, reviewer = ${given.reviewer},
      reviewer_name = ${given.reviewerName}, comment = ${given.comment}, reviewed_at = clock_timestamp()
    where number = ${given.number} returning ${columns}`.execute(tx);
  return toProposal(rows[0]!);
};

export const recordPromotion = async (tx: Tx, number: number): Promise<void> => {
  await sql`update flow_proposal set state = 'promoted' where number = ${number}`.execute(tx);
};
