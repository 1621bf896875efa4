import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** Leave for hashes; `signatures` once they were made, of what `signed` is the digest of. */
export interface LeaveRow {
  credentialId: string;
  approver: string;
  hashes: Buffer;
  expired: boolean;
  signatures: Buffer[] | null;
  signed: Buffer | null;
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
    select credential_id as "credentialId", approver, hashes, expires_at < clock_timestamp() as expired, signatures,
      coalesce(signed, case when signatures is not null then hashes end) as signed
    from signing_leave where sad_hash = ${sadHash}`.execute(db);
  return rows[0];
};

/** Keeps what was signed, and the digest of it; of two at once the first one's is answered to both, and only one is told that it was `first`. */
export const keepSignatures = async (
  tx: Tx,
  sadHash: Buffer,
  { signatures, signed }: { signatures: Buffer[]; signed: Buffer },
): Promise<{ signatures: Buffer[]; signed: Buffer; first: boolean }> => {
  const { rows } = await sql`
    update signing_leave set signatures = ${signatures}::bytea[], signed = ${signed}
    where sad_hash = ${sadHash} and signatures is null returning 1`.execute(tx);
  if (rows.length > 0) return { signatures, signed, first: true };
  const kept = await sql<{ signatures: Buffer[]; signed: Buffer }>`
    select signatures, coalesce(signed, hashes) as signed from signing_leave where sad_hash = ${sadHash}`.execute(
    tx,
  );
  return { ...kept.rows[0]!, first: false };
};
