import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** A key as one client gave it, and what it was given for. */
export interface RequestKey {
  clientId: string;
  key: string;
  requestHash: Buffer;
}

/** What a key is found to be. `ours`: this run holds it, under `lease`. */
export type Claim =
  | { is: 'ours'; lease: string }
  | { is: 'answered'; status: number; answer: Buffer }
  | { is: 'reused' }
  | { is: 'running' };

interface Row {
  same: boolean;
  state: 'running' | 'done';
  status: number;
  answer: Buffer;
}

/** Kept at least so long, the time in which a client may come back. */
const keptFor = sql`interval '48 hours'`;

/**
 * Takes the key for this run: a new one, one older than 48 hours, or one whose run has not renewed its lease
 * for `leaseMs` (its hub was killed).
 */
export const claimKey = async (
  db: Database,
  { clientId, key, requestHash }: RequestKey,
  leaseMs: number,
): Promise<Claim> => {
  for (;;) {
    const lease = randomUUID();
    const taken = await sql`
      insert into idempotency_key as held (client_id, key, request_hash, state, lease)
      values (${clientId}, ${key}, ${requestHash}, 'running', ${lease})
      on conflict (client_id, key) do update
        set request_hash = excluded.request_hash, state = 'running', lease = excluded.lease,
            leased_at = clock_timestamp(), status = null, answer = null,
            created_at = case when held.created_at < now() - ${keptFor} then clock_timestamp()
                              else held.created_at end
        where held.created_at < now() - ${keptFor}
           or (held.state = 'running' and held.request_hash = excluded.request_hash
               and held.leased_at < clock_timestamp() - ${leaseMs} * interval '1 millisecond')
      returning 1
    `.execute(db);
    if (taken.rows.length > 0) return { is: 'ours', lease };
    const { rows } = await sql<Row>`
      select request_hash = ${requestHash} as same, state, status, answer
      from idempotency_key where client_id = ${clientId} and key = ${key}
    `.execute(db);
    const row = rows[0];
    // Given up between the two statements: it is free now.
    if (row === undefined) continue;
    if (!row.same) return { is: 'reused' };
    if (row.state === 'running') return { is: 'running' };
    return { is: 'answered', status: row.status, answer: row.answer };
  }
};

/** Holds the key on for a run that takes long. */
export const renewLease = async (
  db: Database,
  lease: string,
  { clientId, key }: RequestKey,
): Promise<void> => {
  await sql`
    update idempotency_key set leased_at = clock_timestamp()
    where client_id = ${clientId} and key = ${key} and lease = ${lease}
  `.execute(db);
};

/** Keeps the answer, unless another run has taken the key over meanwhile. */
export const keepAnswer = async (
  db: Database,
  lease: string,
  { clientId, key }: RequestKey,
  { status, answer }: { status: number; answer: Buffer },
): Promise<void> => {
  await sql`
    update idempotency_key set state = 'done', status = ${status}, answer = ${answer}
    where client_id = ${clientId} and key = ${key} and lease = ${lease}
  `.execute(db);
};

/** Gives the key back: the same request may run again. */
export const giveUpKey = async (
  db: Database,
  lease: string,
  { clientId, key }: RequestKey,
): Promise<void> => {
  await sql`
    delete from idempotency_key where client_id = ${clientId} and key = ${key} and lease = ${lease}
  `.execute(db);
};

/** Gives back every key whose run has not ended. */
export const giveUpRunning = async (db: Database): Promise<void> => {
  await sql`delete from idempotency_key where state = 'running'`.execute(db);
};

/** Removes what is older than 48 hours; tells how many. */
export const removeOldKeys = async (db: Database): Promise<number> => {
  const { numAffectedRows } = await sql`
    delete from idempotency_key where created_at < now() - ${keptFor}
  `.execute(db);
  return Number(numAffectedRows ?? 0);
};
