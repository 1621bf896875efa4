import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { Reason } from '#hub/signing/request-store.ts';
import type { Credential } from '#schemas/signer.ts';
import type { Appearance, SigningLevel, SigningState } from '#schemas/signing.ts';

/** Where a signature comes from. */
export interface ChosenKey {
  route: string;
  userId: string;
  credential: Credential;
}

/** One signature of a request, as it is kept. */
export interface StepRow {
  id: string;
  requestId: string;
  position: number;
  staffId: string | null;
  unitId: string | null;
  level: SigningLevel;
  appearance: Appearance | null;
  numbers: boolean;
  state: SigningState;
  reason: Reason | null;
  decidedBy: string | null;
  signedAt: Date | null;
}

/** A step under way, with what its signature is made of. */
export interface WorkRow extends StepRow {
  route: string;
  userId: string;
  credential: Credential;
  transactionId: string;
  place: number;
  session: Buffer;
  sessionUntil: Date;
  increment: Buffer;
  contentsAt: number;
  contentsBytes: number;
  baseParts: number;
  attributes: Buffer;
  signature: Buffer | null;
  timeStamp: Buffer | null;
  attempts: number;
}

const columns = sql`s.id, s.request_id as "requestId", s.position, s.staff_id as "staffId", s.unit_id as "unitId",
  s.level, s.appearance, s.numbers, s.state, s.reason, s.decided_by as "decidedBy", s.signed_at as "signedAt"`;
const workColumns = sql`${columns}, s.route, s.user_id as "userId", s.credential, s.transaction_id as "transactionId",
  s.place, s.session, s.session_until as "sessionUntil", s.increment, s.contents_at as "contentsAt",
  s.contents_bytes as "contentsBytes", s.base_parts as "baseParts", s.attributes, s.signature,
  s.time_stamp as "timeStamp", s.attempts`;

export const insertSteps = async (
  tx: Tx,
  requestId: string,
  steps: Pick<StepRow, 'staffId' | 'unitId' | 'level' | 'appearance' | 'numbers' | 'state'>[],
): Promise<void> => {
  for (const [index, step] of steps.entries())
    await sql`insert into signing_step (request_id, position, staff_id, unit_id, level, appearance, numbers, state)
      values (${requestId}, ${index + 1}, ${step.staffId}, ${step.unitId}, ${step.level},
        ${step.appearance ? JSON.stringify(step.appearance) : null}::jsonb, ${step.numbers}, ${step.state})`.execute(
      tx,
    );
};

export const stepsOf = async (db: Database | Tx, requestIds: string[]): Promise<StepRow[]> => {
  const { rows } = await sql<StepRow>`select ${columns} from signing_step s
    where request_id = any(${requestIds}::uuid[]) order by request_id, position`.execute(db);
  return rows;
};

/** Steps that wait and are named, or whose signer is one of these. */
export const waitingSteps = async (
  db: Database | Tx,
  by: { ids: string[] } | { staffIds: string[]; unitIds: string[] },
): Promise<StepRow[]> => {
  const wanted =
    'ids' in by
      ? sql`s.id = any(${by.ids}::uuid[])`
      : sql`(s.staff_id = any(${by.staffIds}::uuid[]) or s.unit_id = any(${by.unitIds}::uuid[]))`;
  const { rows } = await sql<StepRow>`select ${columns} from signing_step s
    where s.state = 'waiting' and ${wanted} order by s.next_at, s.id limit 1000`.execute(db);
  return rows;
};

/** How many steps wait for one of these signers. */
export const countWaiting = async (
  db: Database,
  { staffIds, unitIds }: { staffIds: string[]; unitIds: string[] },
): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from signing_step
    where state = 'waiting' and (staff_id = any(${staffIds}::uuid[]) or unit_id = any(${unitIds}::uuid[]))`.execute(
    db,
  );
  return rows[0]!.count;
};

/** What a decision made ready: from now on the step only needs its signature. Only waiting steps; answers how many. */
export const authoriseSteps = async (
  tx: Tx,
  steps: (ChosenKey & {
    id: string;
    decidedBy: string;
    transactionId: string;
    place: number;
    session: Buffer;
    sessionUntil: string;
    increment: Buffer;
    contentsAt: number;
    contentsBytes: number;
    baseParts: number;
    attributes: Buffer;
  })[],
): Promise<number> => {
  let count = 0;
  for (const step of steps) {
    const { rows } = await sql`
      update signing_step set state = 'authorised', reason = null, decided_by = ${step.decidedBy}, decided_at = clock_timestamp(),
        route = ${step.route}, user_id = ${step.userId}, credential = ${JSON.stringify(step.credential)}::jsonb,
        transaction_id = ${step.transactionId}, place = ${step.place}, session = ${step.session},
        session_until = ${step.sessionUntil}, increment = ${step.increment}, contents_at = ${step.contentsAt},
        contents_bytes = ${step.contentsBytes}, base_parts = ${step.baseParts}, attributes = ${step.attributes},
        signature = null, time_stamp = null, attempts = 0, lease_until = null, next_at = clock_timestamp()
      where id = ${step.id} and state = 'waiting' returning 1`.execute(tx);
    count += rows.length;
  }
  return count;
};

/** Takes every step of some transactions that wait for signatures, for half a minute. */
export const leaseTransactions = async (db: Database, limit: number): Promise<WorkRow[]> => {
  const { rows } = await sql<WorkRow>`
    with due as (
      select transaction_id from signing_step
      where state = 'authorised' and place = 0 and next_at <= clock_timestamp()
        and (lease_until is null or lease_until < clock_timestamp())
      order by next_at limit ${limit} for update skip locked)
    update signing_step s set lease_until = clock_timestamp() + interval '30 seconds', attempts = attempts + 1
    from due where s.transaction_id = due.transaction_id and s.state = 'authorised'
    returning ${workColumns}`.execute(db);
  return rows.sort((a, b) => a.place - b.place);
};

/** Takes steps of a state for half a minute. */
export const leaseSteps = async (
  db: Database,
  state: 'signed' | 'time-stamped',
  limit: number,
): Promise<WorkRow[]> => {
  const { rows } = await sql<WorkRow>`
    update signing_step s set lease_until = clock_timestamp() + interval '30 seconds', attempts = attempts + 1
    where s.id in (
      select id from signing_step
      where state = ${state} and next_at <= clock_timestamp()
        and (lease_until is null or lease_until < clock_timestamp())
      order by next_at limit ${limit} for update skip locked)
    returning ${workColumns}`.execute(db);
  return rows;
};

/** Keeps raw signatures: from here on nothing is asked of the signing service again. */
export const keepSignatures = async (
  db: Database | Tx,
  signatures: { id: string; signature: Buffer }[],
): Promise<void> => {
  await sql`
    update signing_step s set state = 'signed', signature = g.signature, signed_at = clock_timestamp(), session = null,
      lease_until = null, attempts = 0, next_at = clock_timestamp()
    from unnest(${signatures.map(({ id }) => id)}::uuid[], ${signatures.map(({ signature }) => signature)}::bytea[])
      as g(id, signature)
    where s.id = g.id and s.state = 'authorised'`.execute(db);
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

/** Moves steps on; what their signature was made of is dropped when they end. */
export const moveSteps = async (
  tx: Tx,
  ids: string[],
  from: readonly SigningState[],
  to: { state: SigningState; reason?: Reason | undefined },
): Promise<StepRow[]> => {
  const ends = to.state !== 'signed' && to.state !== 'time-stamped';
  const { rows } = await sql<StepRow>`
    update signing_step s set state = ${to.state}, reason = ${to.reason ? JSON.stringify(to.reason) : null}::jsonb,
      increment = case when ${ends} then null else increment end,
      session = case when ${ends} then null else session end,
      lease_until = null, attempts = 0, next_at = clock_timestamp()
    where id = any(${ids}::uuid[]) and state = any(${from}::text[]) returning ${columns}`.execute(tx);
  return rows;
};

/** Refuses by a person's word. */
export const refuseStep = async (
  tx: Tx,
  id: string,
  by: string,
  reason: Reason,
): Promise<StepRow | undefined> => {
  const { rows } = await sql<StepRow>`
    update signing_step s set state = 'refused', decided_by = ${by}, decided_at = clock_timestamp(),
      reason = ${JSON.stringify(reason)}::jsonb where id = ${id} and state = 'waiting' returning ${columns}`.execute(
    tx,
  );
  return rows[0];
};

/** Tries again later. */
export const postponeSteps = async (
  db: Database,
  ids: string[],
  delayMs: number,
  reason?: Reason,
): Promise<void> => {
  await sql`update signing_step set lease_until = null, next_at = clock_timestamp() + ${delayMs} * interval '1 millisecond',
    reason = coalesce(${reason ? JSON.stringify(reason) : null}::jsonb, reason)
    where id = any(${ids}::uuid[])`.execute(db);
};

/** The next steps of these requests get their turn. */
export const giveTurn = async (tx: Tx, requestIds: string[]): Promise<StepRow[]> => {
  const { rows } = await sql<StepRow>`
    update signing_step s set state = 'waiting', next_at = clock_timestamp()
    where s.state = 'received' and s.request_id = any(${requestIds}::uuid[])
      and s.position = (select min(position) from signing_step n where n.request_id = s.request_id and n.state = 'received')
    returning ${columns}`.execute(tx);
  return rows;
};

/** What an earlier run of this process had taken is free at once. */
export const freeLeases = async (db: Database): Promise<void> => {
  await sql`update signing_step set lease_until = null where lease_until is not null`.execute(db);
  await sql`update signing_request set lease_until = null where lease_until is not null`.execute(db);
};

/** What was signed, for the proofs behind it. */
export type Made = Pick<WorkRow, 'level' | 'credential' | 'timeStamp'>;

export const signaturesOf = async (db: Database, requestId: string): Promise<Made[]> => {
  const { rows } = await sql<Made>`select level, credential, time_stamp as "timeStamp" from signing_step
    where request_id = ${requestId} and state = 'verified' order by position`.execute(db);
  return rows;
};
