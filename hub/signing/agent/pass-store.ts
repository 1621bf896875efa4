import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import { hashOfPass, makePassToken } from '#hub/signing/agent/pass-token.ts';

export type PassKind = 'fetch' | 'bring';
export interface Pass {
  stepId: string;
  /** The person for whom it was made. */
  approver: string;
}

/** Makes a pass and answers its token. Old passes for the same are worth nothing from now on. */
export const makePass = async (
  db: Database,
  { kind, stepId, approver }: Pass & { kind: PassKind },
  seconds: number,
): Promise<string> => {
  const token = makePassToken();
  await sql`delete from signing_agent_pass
    where expires_at < now() - interval '1 day' or (step_id = ${stepId}::uuid and kind = ${kind} and used_at is null)`.execute(
    db,
  );
  await sql`
    insert into signing_agent_pass (hash, kind, step_id, approver, expires_at)
    values (${hashOfPass(token)}, ${kind}, ${stepId}::uuid, ${approver}::uuid,
      now() + make_interval(secs => ${seconds}))`.execute(db);
  return token;
};

/** Spends a pass: whoever comes second, on whatever node, gets undefined, as with one that is too old or of another kind. */
export const takePass = async (db: Database, kind: PassKind, token: string): Promise<Pass | undefined> => {
  const { rows } = await sql<Pass>`
    update signing_agent_pass set used_at = now()
    where hash = ${hashOfPass(token)} and kind = ${kind} and used_at is null and expires_at > now()
    returning step_id as "stepId", approver`.execute(db);
  return rows[0];
};
