import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { FileFormat, Reason } from '#hub/signing/request-store.ts';
import { type StepRow, stepColumns } from '#hub/signing/step-store.ts';
import type { Credential } from '#schemas/signer.ts';

/** A step under way, with what is signed. */
export interface WorkRow extends StepRow {
  route: string;
  userId: string;
  credential: Credential;
  transactionId: string;
  /** Of how many steps leave was asked for in this transaction. */
  transactionSize: number;
  place: number;
  session: Buffer;
  sessionUntil: Date;
  attributes: Buffer;
  attempts: number;
}

/** A signed step, with what its signature goes into. */
export interface SignedRow extends StepRow {
  format: FileFormat;
  credential: Credential;
  increment: Buffer;
  contentsAt: number;
  contentsBytes: number;
  baseParts: number;
  attributes: Buffer;
  /** Null: a signing agent brought the increment with its signature in it. */
  signature: Buffer | null;
  timeStamp: Buffer | null;
  attempts: number;
}

/** Takes every step of some transactions that waits for its signature, for longer than a service may take to answer. */
export const leaseTransactions = async (db: Database, limit: number): Promise<WorkRow[]> => {
  const { rows } = await sql<WorkRow>`
    with due as (
      -- Its first one that waits stands for the transaction.
      select transaction_id from signing_step s
      where state = 'authorised' and next_at <= clock_timestamp()
        and (lease_until is null or lease_until < clock_timestamp())
        and not exists (select 1 from signing_step earlier where earlier.transaction_id = s.transaction_id
          and earlier.state = 'authorised' and earlier.place < s.place)
      order by next_at limit ${limit} for update skip locked)
    update signing_step s set lease_until = clock_timestamp() + interval '75 seconds', attempts = attempts + 1
    from due where s.transaction_id = due.transaction_id and s.state = 'authorised'
    returning ${stepColumns}, s.route, s.user_id as "userId", s.credential, s.transaction_id as "transactionId",
      (select count(*)::int from signing_step whole where whole.transaction_id = s.transaction_id) as "transactionSize",
      s.place, s.session, s.session_until as "sessionUntil", s.attributes, s.attempts`.execute(db);
  return rows.sort((a, b) => a.place - b.place);
};

/** Takes steps of a state for half a minute. */
export const leaseSteps = async (
  db: Database,
  state: 'signed' | 'time-stamped',
  limit: number,
): Promise<SignedRow[]> => {
  const { rows } = await sql<SignedRow>`
    update signing_step s set lease_until = clock_timestamp() + interval '30 seconds', attempts = attempts + 1
    where s.id in (
      select id from signing_step
      where state = ${state} and next_at <= clock_timestamp()
        and (lease_until is null or lease_until < clock_timestamp())
      order by next_at limit ${limit} for update skip locked)
    returning ${stepColumns}, (select format from signing_request r where r.id = s.request_id) as format, s.credential,
      s.increment, s.contents_at as "contentsAt", s.contents_bytes as "contentsBytes", s.base_parts as "baseParts",
      s.attributes, s.signature, s.time_stamp as "timeStamp", s.attempts`.execute(db);
  return rows;
};

/** Which steps of a transaction still wait for what it brings: an answer may come after they were decided anew. */
export const stillAuthorised = async <T extends Pick<WorkRow, 'id' | 'transactionId'>>(
  tx: Tx,
  steps: T[],
): Promise<T[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from signing_step where id = any(${steps.map(({ id }) => id)}::uuid[]) and state = 'authorised'
      and transaction_id = ${steps[0]!.transactionId}`.execute(tx);
  const still = new Set(rows.map(({ id }) => id));
  return steps.filter(({ id }) => still.has(id));
};

/** Keeps raw signatures: from here on nothing is asked of the signing service again. */
export const keepSignatures = async (
  tx: Tx,
  transactionId: string,
  signatures: { id: string; signature: Buffer }[],
): Promise<void> => {
  await sql`
    update signing_step s set state = 'signed', signature = g.signature, signed_at = clock_timestamp(), session = null,
      lease_until = null, attempts = 0, next_at = clock_timestamp()
    from unnest(${signatures.map(({ id }) => id)}::uuid[], ${signatures.map(({ signature }) => signature)}::bytea[])
      as g(id, signature)
    where s.id = g.id and s.state = 'authorised' and s.transaction_id = ${transactionId}`.execute(tx);
};

export const keepTimeStamps = async (
  db: Database,
  stamps: { id: string; token: Buffer }[],
): Promise<void> => {
  await sql`
    update signing_step s set state = 'time-stamped', time_stamp = g.token, lease_until = null, attempts = 0,
      next_at = clock_timestamp()
    from unnest(${stamps.map(({ id }) => id)}::uuid[], ${stamps.map(({ token }) => token)}::bytea[]) as g(id, token)
    where s.id = g.id and s.state = 'signed'`.execute(db);
};

/** What was signed, for the proofs behind it. */
export type Made = Pick<SignedRow, 'level' | 'credential' | 'timeStamp'>;

export const signaturesOf = async (db: Database, requestId: string): Promise<Made[]> => {
  const { rows } = await sql<Made>`select level, credential, time_stamp as "timeStamp" from signing_step
    where request_id = ${requestId} and state = 'verified' order by position`.execute(db);
  return rows;
};

/** Tries steps of one round again later: those that are still as they were taken, in their state and, where it is known, their transaction. */
export const postponeSteps = async (
  db: Database,
  steps: (Pick<StepRow, 'id' | 'state'> & { transactionId?: string })[],
  delayMs: number,
  reason?: Reason,
): Promise<void> => {
  const taken = steps.map(({ id, state, transactionId }) => ({ id, state, transactionId }));
  await sql`update signing_step s set lease_until = null, next_at = clock_timestamp() + ${delayMs} * interval '1 millisecond',
    reason = coalesce(${reason ? JSON.stringify(reason) : null}::jsonb, s.reason)
    from jsonb_to_recordset(${JSON.stringify(taken)}::jsonb) as t (id uuid, state text, "transactionId" uuid)
    where s.id = t.id and s.state = t.state and (t."transactionId" is null or t."transactionId" = s.transaction_id)`.execute(
    db,
  );
};
