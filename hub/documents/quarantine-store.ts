import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

export interface QuarantineRow {
  id: string;
  source: string;
  entry: string;
  kind: 'document' | 'status';
  bytes: number;
  sha256: string;
  code: string;
  place: string;
  state: 'waiting' | 'released' | 'rejected';
  note: string | null;
  cameAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
}
const columns = sql`id, source, entry, kind, length(bytes) as bytes, encode(sha256, 'hex') as sha256, code, place, state,
  note, came_at as "cameAt", decided_at as "decidedAt", decided_by as "decidedBy"`;

/** Keeps what came; false when these bytes of this entry are there already. */
export const insertQuarantine = async (
  tx: Tx,
  row: Pick<QuarantineRow, 'id' | 'source' | 'entry' | 'kind' | 'code' | 'place'> & { bytes: Buffer },
): Promise<boolean> => {
  const { rows } = await sql`
    insert into document_quarantine (id, source, entry, kind, bytes, sha256, code, place)
    values (${row.id}, ${row.source}, ${row.entry}, ${row.kind}, ${row.bytes}, sha256(${row.bytes}), ${row.code},
      ${row.place})
    on conflict do nothing returning id`.execute(tx);
  return rows.length > 0;
};

export const listQuarantine = async (
  db: Database,
  filter: { state: string | undefined; before: { at: string; id: string } | undefined; limit: number },
): Promise<QuarantineRow[]> => {
  const { state, before, limit } = filter;
  const { rows } = await sql<QuarantineRow>`
    select ${columns} from document_quarantine
    where ${state === undefined ? sql`true` : sql`state = ${state}`}
      and ${before === undefined ? sql`true` : sql`(came_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by came_at desc, id desc limit ${limit + 1}`.execute(db);
  return rows;
};

export const findQuarantine = async (db: Database, id: string): Promise<QuarantineRow | undefined> => {
  const { rows } = await sql<QuarantineRow>`
    select ${columns} from document_quarantine where id = ${id}`.execute(db);
  return rows[0];
};

export const quarantinedBytes = async (db: Database, id: string): Promise<Buffer> => {
  const { rows } = await sql<{ bytes: Buffer }>`
    select bytes from document_quarantine where id = ${id}`.execute(db);
  return rows[0]!.bytes;
};

/** Notes a decision; false when there is one already. */
export const decideQuarantine = async (
  tx: Tx | Database,
  id: string,
  decision: { state: 'released' | 'rejected'; note?: string | undefined; actor: string },
): Promise<boolean> => {
  const { rows } = await sql`
    update document_quarantine set state = ${decision.state}, note = ${decision.note ?? null},
      decided_at = clock_timestamp(), decided_by = ${decision.actor}
    where id = ${id} and state = 'waiting' returning id`.execute(tx);
  return rows.length > 0;
};

/** Another try failed, perhaps with another reason. */
export const setQuarantineReason = async (
  db: Database,
  id: string,
  reason: { code: string; place: string },
): Promise<void> => {
  await sql`update document_quarantine set code = ${reason.code}, place = ${reason.place} where id = ${id}`.execute(
    db,
  );
};
