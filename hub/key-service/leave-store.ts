import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** Leave for hashes; `signatures` once they were made. */
export interface LeaveRow {
  credentialId: string;
  approver: string;
  hashes: Buffer;
  expired: boolean;
  signatures: Buffer[] | null;
}

/** What ended an hour ago is forgotten with it. */
export const insertLeave = async (
  tx: Tx,
  leave: { sadHash: Buffer; credentialId: string; approver: string; hashes: Buffer; expiresAt: Date },
): Promise<void> => {
  await sql`delete from signing_leave where expires_at < clock_timestamp() - interval '1 hour'`.execute(tx);
  await sql`
    insert into signing_leave (sad_hash, credential_id, approver, hashes, expires_at)
    values (${leave.sadHash}, ${leave.credentialId}, ${leave.approver}, ${leave.hashes}, ${leave.expiresAt})`.execute(
    tx,
  );
};

export const findLeave = async (db: Database, sadHash: Buffer): Promise<LeaveRow | undefined> => {
  const { rows } = await sql<LeaveRow>`
    select credential_id as "credentialId", approver, hashes, expires_at < clock_timestamp() as expired, signatures
    from signing_leave where sad_hash = ${sadHash}`.execute(db);
  return rows[0];
};

/** Keeps what was signed; of two at once the first one's is answered to both, and only one is told that it was `first`. */
export const keepSignatures = async (
  tx: Tx,
  sadHash: Buffer,
  signatures: Buffer[],
): Promise<{ signatures: Buffer[]; first: boolean }> => {
  const { rows } = await sql`
    update signing_leave set signatures = ${signatures}::bytea[]
    where sad_hash = ${sadHash} and signatures is null returning 1`.execute(tx);
  if (rows.length > 0) return { signatures, first: true };
  const kept = await sql<{ signatures: Buffer[] }>`
    select signatures from signing_leave where sad_hash = ${sadHash}`.execute(tx);
  return { signatures: kept.rows[0]!.signatures, first: false };
};
