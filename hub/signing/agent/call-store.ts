import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { Numbers } from '#hub/signing/file-jobs.ts';
import type { ChosenKey } from '#hub/signing/step-store.ts';
import type { SigningLevel } from '#schemas/signing.ts';

/** What one call of the agent is for: one step, one person, one file. */
export interface AgentCallRow {
  id: string;
  stepId: string;
  /** The person for whom it was made. */
  approver: string;
  route: string;
  userId: string;
  baseParts: number;
  increment: Buffer;
  number: string | null;
  issuedOn: string | null;
  isUsed: boolean;
  taken: Buffer | null;
}

const columns = sql`id, step_id as "stepId", approver, route, user_id as "userId", base_parts as "baseParts", increment,
  number, issued_on::text as "issuedOn", used_at is not null as "isUsed", taken`;

/** Keeps a call for some seconds. Earlier addresses of the same person for the same step are worth nothing from now on. */
export const insertCall = async (
  tx: Tx,
  call: Pick<AgentCallRow, 'stepId' | 'approver' | 'route' | 'userId' | 'baseParts' | 'increment'> & {
    fetchHash: Buffer;
    bringHash: Buffer;
    numbers: Numbers | undefined;
  },
  seconds: number,
): Promise<Date> => {
  await sql`delete from signing_agent_call where expires_at < now() - interval '7 days'
    or (step_id = ${call.stepId}::uuid and approver = ${call.approver}::uuid and used_at is null)`.execute(
    tx,
  );
  const { rows } = await sql<{ expiresAt: Date }>`
    insert into signing_agent_call (step_id, approver, route, user_id, fetch_hash, bring_hash, base_parts, increment,
      number, issued_on, expires_at)
    values (${call.stepId}, ${call.approver}, ${call.route}, ${call.userId}, ${call.fetchHash}, ${call.bringHash},
      ${call.baseParts}, ${call.increment}, ${call.numbers?.number ?? null}, ${call.numbers?.date ?? null},
      now() + make_interval(secs => ${seconds})) returning expires_at as "expiresAt"`.execute(tx);
  return rows[0]!.expiresAt;
};

/** Spends the address of the file: whoever comes second, on whatever node, gets undefined, as with one that is too old. */
export const takeFetch = async (db: Database, hash: Buffer): Promise<AgentCallRow | undefined> => {
  const { rows } = await sql<AgentCallRow>`
    update signing_agent_call set fetched_at = now()
    where fetch_hash = ${hash} and fetched_at is null and used_at is null and expires_at > now()
    returning ${columns}`.execute(db);
  return rows[0];
};

/** The call behind an address for uploads; it stays open until an upload is taken. */
export const findBring = async (db: Database, hash: Buffer): Promise<AgentCallRow | undefined> => {
  const { rows } = await sql<AgentCallRow>`select ${columns} from signing_agent_call
    where bring_hash = ${hash} and (used_at is not null or expires_at > now())`.execute(db);
  return rows[0];
};

/** Spends the address for uploads; false: another upload was taken meanwhile, or it was made anew. */
export const useBring = async (tx: Tx, id: string, taken: Buffer): Promise<boolean> => {
  const { rows } = await sql`update signing_agent_call set used_at = now(), taken = ${taken}, refused = null
    where id = ${id} and used_at is null returning 1`.execute(tx);
  return rows.length === 1;
};

export const keepRefusal = async (db: Database, id: string, problem: string): Promise<void> => {
  await sql`update signing_agent_call set refused = ${problem} where id = ${id} and used_at is null`.execute(
    db,
  );
};

/** How a person's newest call for a step ended; undefined: there was none. */
export const lastCall = async (
  db: Database,
  stepId: string,
  approver: string,
): Promise<{ isUsed: boolean; refused: string | null } | undefined> => {
  const { rows } = await sql<{ isUsed: boolean; refused: string | null }>`
    select used_at is not null as "isUsed", refused from signing_agent_call
    where step_id = ${stepId} and approver = ${approver} order by expires_at desc limit 1`.execute(db);
  return rows[0];
};

/** A step that an agent signed goes on behind the signing services: its increment is complete. False: it waits no more, or for another signer. */
export const keepBrought = async (
  tx: Tx,
  step: ChosenKey & {
    id: string;
    staffId: string | null;
    decidedBy: string;
    delegationId: string | null;
    level: SigningLevel;
    increment: Buffer;
    baseParts: number;
    timeStamp: Buffer | null;
  },
): Promise<boolean> => {
  const { rows } = await sql`
    update signing_step set state = ${step.level === 'B-B' ? 'signed' : 'time-stamped'}, reason = null, level = ${step.level},
      decided_by = ${step.decidedBy}, delegation_id = ${step.delegationId}, decided_at = clock_timestamp(), signed_at = clock_timestamp(), route = ${step.route},
      user_id = ${step.userId}, credential = ${JSON.stringify(step.credential)}::jsonb, increment = ${step.increment},
      base_parts = ${step.baseParts}, signature = null, time_stamp = ${step.timeStamp}, attempts = 0, lease_until = null,
      next_at = clock_timestamp()
    where id = ${step.id} and state = 'waiting' and staff_id is not distinct from ${step.staffId}::uuid returning 1`.execute(
    tx,
  );
  return rows.length === 1;
};
