import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** Leave for hashes; `signatures` once they were made. */
export interface LeaveRow {
  credentialId: string;
  hashes: Buffer;
  expired: boolean;
  signatures: Buffer[] | null;
}

export const insertLeave = async (
  db: Database,
  leave: { sadHash: Buffer; credentialId: string; approver: string; hashes: Buffer; expiresAt: Date },
): Promise<void> => {
  await sql`delete from signing_leave where expires_at < clock_timestamp() - interval '1 hour'`.execute(db);
  await sql`
    insert into signing_leave (sad_hash, credential_id, approver, hashes, expires_at)
    values (${leave.sadHash}, ${leave.credentialId}, ${leave.approver}, ${leave.hashes}, ${leave.expiresAt})`.execute(
    db,
  );
};

export const findLeave = async (db: Database, sadHash: Buffer): Promise<LeaveRow | undefined> => {
  const { rows } = await sql<LeaveRow>`
    select credential_id as "credentialId", hashes, expires_at < clock_timestamp() as expired, signatures
    from signing_leave where sad_hash = ${sadHash}`.execute(db);
  return rows[0];
};

/** Keeps what was signed; of two at once the first one's is answered to both. */
export const keepSignatures = async (
  db: Database,
  sadHash: Buffer,
  signatures: Buffer[],
): Promise<Buffer[]> => {
  const { rows } = await sql<{ signatures: Buffer[] }>`
    update signing_leave set signatures = coalesce(signatures, ${signatures}::bytea[])
    where sad_hash = ${sadHash} returning signatures`.execute(db);
  return rows[0]!.signatures;
};
