import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { FileFormat, Reason } from '#hub/signing/request-store.ts';
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

/** A step that waits, with what rules and limits ask of its request. */
export interface WaitingRow extends StepRow {
  appId: string;
  documentType: string | null;
  format: FileFormat;
}

/** Of `signing_step s`. */
export const stepColumns = sql`s.id, s.request_id as "requestId", s.position, s.staff_id as "staffId", s.unit_id as "unitId",
  s.level, s.appearance, s.numbers, s.state, s.reason, s.decided_by as "decidedBy", s.signed_at as "signedAt"`;

export const stepsOf = async (db: Database | Tx, requestIds: string[]): Promise<StepRow[]> => {
  const { rows } = await sql<StepRow>`select ${stepColumns} from signing_step s
    where request_id = any(${requestIds}::uuid[]) order by request_id, position`.execute(db);
  return rows;
};

/** Steps that wait and are named, or whose signer is one of these: a page of those, the oldest first. */
export const waitingSteps = async (
  db: Database | Tx,
  by: { ids: string[] } | { staffIds: string[]; unitIds: string[]; after: string | undefined },
): Promise<WaitingRow[]> => {
  const wanted =
    'ids' in by
      ? sql`s.id = any(${by.ids}::uuid[])`
      : sql`(s.staff_id = any(${by.staffIds}::uuid[]) or s.unit_id = any(${by.unitIds}::uuid[]))
          and (${by.after ?? null}::uuid is null or (s.next_at, s.id) >
            (select last.next_at, last.id from signing_step last where last.id = ${by.after ?? null}))`;
  const { rows } = await sql<WaitingRow>`
    select ${stepColumns}, r.app_id as "appId", r.document_type as "documentType", r.format
    from signing_step s join signing_request r on r.id = s.request_id
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

/** One authorisation of one or many steps. */
export interface Leave extends ChosenKey {
  decidedBy: string;
  transactionId: string;
  session: Buffer;
  sessionUntil: string;
}

/** What a decision made ready, in the order of its hashes: from now on the steps only need their signatures. Only steps that still wait for the signer who was judged; answers how many. */
export const authoriseSteps = async (
  tx: Tx,
  leave: Leave,
  steps: {
    id: string;
    staffId: string | null;
    /** By which somebody else decides; null: none is needed. */
    delegationId: string | null;
    increment: Buffer;
    contentsAt: number;
    contentsBytes: number;
    baseParts: number;
    attributes: Buffer;
  }[],
): Promise<number> => {
  const made = steps.map(
    (
      step,
      place,
    ) => sql`(${step.id}::uuid, ${place}::integer, ${step.increment}::bytea, ${step.contentsAt}::integer,
      ${step.contentsBytes}::integer, ${step.baseParts}::integer, ${step.attributes}::bytea, ${step.delegationId}::uuid, ${step.staffId}::uuid)`,
  );
  const { numAffectedRows = 0n } = await sql`
    update signing_step s set state = 'authorised', reason = null, decided_by = ${leave.decidedBy}, decided_at = clock_timestamp(),
      route = ${leave.route}, user_id = ${leave.userId}, credential = ${JSON.stringify(leave.credential)}::jsonb,
      transaction_id = ${leave.transactionId}, session = ${leave.session}, session_until = ${leave.sessionUntil},
      place = made.place, increment = made.increment, contents_at = made.contents_at,
      contents_bytes = made.contents_bytes, base_parts = made.base_parts, attributes = made.attributes,
      delegation_id = made.delegation_id,
      signature = null, time_stamp = null, attempts = 0, lease_until = null, next_at = clock_timestamp()
    from (values ${sql.join(made)})
      as made (id, place, increment, contents_at, contents_bytes, base_parts, attributes, delegation_id, staff_id)
    where s.id = made.id and s.state = 'waiting' and s.staff_id is not distinct from made.staff_id`.execute(
    tx,
  );
  return Number(numAffectedRows);
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
    where id = any(${ids}::uuid[]) and state = any(${from}::text[]) returning ${stepColumns}`.execute(tx);
  return rows;
};

/** Refuses by a person's word. Undefined: it waits no more, or for another signer than was judged. */
export const refuseStep = async (
  tx: Tx,
  { id, staffId }: Pick<StepRow, 'id' | 'staffId'>,
  by: { staffId: string; delegationId: string | null },
  reason: Reason,
): Promise<StepRow | undefined> => {
  const { rows } = await sql<StepRow>`
    update signing_step s set state = 'refused', decided_by = ${by.staffId}, decided_at = clock_timestamp(),
      delegation_id = ${by.delegationId}, reason = ${JSON.stringify(reason)}::jsonb where id = ${id} and state = 'waiting'
      and staff_id is not distinct from ${staffId}::uuid returning ${stepColumns}`.execute(tx);
  return rows[0];
};

/** The next steps of these requests get their turn. */
export const giveTurn = async (tx: Tx, requestIds: string[]): Promise<StepRow[]> => {
  const { rows } = await sql<StepRow>`
    update signing_step s set state = 'waiting', next_at = clock_timestamp()
    where s.state = 'received' and s.request_id = any(${requestIds}::uuid[])
      and s.position = (select min(position) from signing_step n where n.request_id = s.request_id and n.state = 'received')
    returning ${stepColumns}`.execute(tx);
  return rows;
};

/** What an earlier run of this process had taken is free at once. */
export const freeLeases = async (db: Database): Promise<void> => {
  await sql`update signing_step set lease_until = null where lease_until is not null`.execute(db);
  await sql`update signing_request set lease_until = null where lease_until is not null`.execute(db);
};

/** Steps of a person that nobody decided are another's from now on. Answers their requests. */
export const handOverSteps = async (
  tx: Tx,
  { staffId, toStaffId, appId }: { staffId: string; toStaffId: string; appId: string | undefined },
): Promise<string[]> => {
  const { rows } = await sql<{ requestId: string }>`
    update signing_step s set staff_id = ${toStaffId}, reason = null from signing_request r
    where r.id = s.request_id and s.staff_id = ${staffId} and s.state in ('received', 'waiting')
      and r.state in ('received', 'waiting') and (${appId ?? null}::text is null or r.app_id = ${appId ?? null})
    returning s.request_id as "requestId"`.execute(tx);
  return [...new Set(rows.map(({ requestId }) => requestId))];
};
