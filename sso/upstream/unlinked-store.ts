import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { UnlinkedAccount, UnlinkedReason } from '#schemas/upstream.ts';

/** An account that was found to be nobody's, before it is noted. */
export interface UnlinkedRow {
  subject: string;
  username: string;
  reason: UnlinkedReason;
  keyValue: string | null;
  staffId: string | null;
}

/** Notes accounts, or what is known of them now. */
export const writeUnlinked = async (
  tx: Database | Tx,
  sourceId: string,
  foundBy: 'sign-in' | 'compare',
  rows: UnlinkedRow[],
): Promise<void> => {
  await sql`
    insert into upstream_unlinked (source_id, subject, username, reason, key_value, staff_id, found_by)
    select ${sourceId}, subject, username, reason, "keyValue", "staffId", ${foundBy}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(subject text, username text, reason text, "keyValue" text, "staffId" uuid)
    on conflict (source_id, subject) do update set username = excluded.username, reason = excluded.reason,
      key_value = excluded.key_value, staff_id = excluded.staff_id, found_by = excluded.found_by,
      seen_at = clock_timestamp()`.execute(tx);
};

/** Forgets one account, or all of a source. */
export const removeUnlinked = async (
  tx: Database | Tx,
  sourceId: string,
  subject?: string,
): Promise<void> => {
  const one = subject === undefined ? sql`` : sql`and subject = ${subject}`;
  await sql`delete from upstream_unlinked where source_id = ${sourceId} ${one}`.execute(tx);
};

/** A page in the order of source and account; `after` is the last one of the page before. */
export const readUnlinked = async (
  db: Database,
  page: { sourceId?: string; reason?: string; after: [string, string] | undefined; limit: number },
): Promise<UnlinkedAccount[]> => {
  const { sourceId = null, reason = null, after } = page;
  const place =
    after === undefined ? sql`` : sql`and (source_id, subject) > (${after[0]}::text, ${after[1]}::text)`;
  const { rows } = await sql<UnlinkedAccount & { keyValue: string | null; staffId: string | null }>`
    select source_id as "sourceId", subject, username, reason, key_value as "keyValue", staff_id as "staffId",
      found_by as "foundBy", ${isoTime('seen_at')} as "seenAt"
    from upstream_unlinked
    where (${sourceId}::text is null or source_id = ${sourceId})
      and (${reason}::text is null or reason = ${reason}) ${place}
    order by source_id, subject limit ${page.limit}`.execute(db);
  return rows.map(
    ({ keyValue, staffId, ...row }) =>
      ({ ...row, ...(keyValue && { keyValue }), ...(staffId && { staffId }) }) as UnlinkedAccount,
  );
};
