import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

export interface OutboxRow {
  nr: number;
  document: string;
  receiver: string;
  version: string | null;
  status: string | null;
  toSender: boolean;
  attempts: number;
}
const columns = sql`nr, document, receiver, version, status, to_sender as "toSender", attempts`;

export const insertOutbox = async (
  tx: Tx,
  row: { document: string; receiver: string; version?: string; status?: string; toSender?: boolean },
): Promise<void> => {
  await sql`
    insert into document_outbox (document, receiver, version, status, to_sender)
    values (${row.document}, ${row.receiver}, ${row.version ?? null}, ${row.status ?? null},
      ${row.toSender ?? false})`.execute(tx);
};

/** Takes what is due for as long as the longest call and more; of each receiver of a document only the first. */
export const leaseOutbox = async (db: Database, limit: number): Promise<OutboxRow[]> => {
  const { rows } = await sql<OutboxRow>`
    update document_outbox set lease_until = clock_timestamp() + interval '180 seconds', attempts = attempts + 1
    where nr in (
      select nr from document_outbox o
      where state = 'waiting' and next_at <= clock_timestamp() and lease_until < clock_timestamp()
        and not exists (select from document_outbox e
          where e.document = o.document and e.receiver = o.receiver and e.state = 'waiting' and e.nr < o.nr)
      order by nr limit ${limit} for update skip locked)
    returning ${columns}`.execute(db);
  return rows.sort((a, b) => a.nr - b.nr);
};

/** Ends a hand-over; false when somebody else did meanwhile. */
export const settleOutbox = async (
  tx: Tx,
  nr: number,
  state: 'sent' | 'failed',
  reason?: object,
): Promise<boolean> => {
  const { rows } = await sql`
    update document_outbox set state = ${state}, lease_until = '-infinity',
      reason = ${reason === undefined ? null : JSON.stringify(reason)}::jsonb
    where nr = ${nr} and state = 'waiting' returning nr`.execute(tx);
  return rows.length > 0;
};

export const postponeOutbox = async (
  db: Database,
  nr: number,
  delayMs: number,
  reason: object,
): Promise<void> => {
  await sql`
    update document_outbox set lease_until = '-infinity', reason = ${JSON.stringify(reason)}::jsonb,
      next_at = clock_timestamp() + ${delayMs} * interval '1 millisecond'
    where nr = ${nr}`.execute(db);
};

/** Takes back what no node is handing over right now; true when there was something. */
export const cancelOutbox = async (tx: Tx, document: string, receiver: string): Promise<boolean> => {
  const { rows } = await sql`
    update document_outbox set state = 'cancelled'
    where document = ${document} and receiver = ${receiver} and state = 'waiting' and version is not null
      and lease_until < clock_timestamp()
    returning nr`.execute(tx);
  return rows.length > 0;
};

/** Gives what failed another turn; answers how many. */
export const retryOutbox = async (
  tx: Tx,
  document: string,
): Promise<{ receiver: string; isDocument: boolean }[]> => {
  const { rows } = await sql<{ receiver: string; isDocument: boolean }>`
    update document_outbox set state = 'waiting', attempts = 0, next_at = clock_timestamp(), lease_until = '-infinity'
    where document = ${document} and state = 'failed'
    returning receiver, version is not null as "isDocument"`.execute(tx);
  return rows;
};

/** Why the last hand-over to each receiver has not gone well. */
export const troublesOf = async (
  db: Database,
  documents: string[],
): Promise<{ document: string; receiver: string; reason: { code: string; message: string } }[]> => {
  const { rows } = await sql<{
    document: string;
    receiver: string;
    reason: { code: string; message: string };
  }>`
    select distinct on (document, receiver) document, receiver, reason from document_outbox
    where document = any(${documents}::uuid[]) and state in ('waiting', 'failed') and reason is not null
    order by document, receiver, nr desc`.execute(db);
  return rows;
};
