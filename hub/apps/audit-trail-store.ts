import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** One line of the trail as read back. */
export interface AuditLine {
  id: number;
  at: Date;
  actor: string;
  action: string;
  object: string;
  detail: Record<string, unknown>;
  requestId: string | null;
}

export interface AuditFilter {
  actor?: string;
  action?: string;
  object?: string;
  /** RFC 3339. */
  since?: string;
}

/** Newest first, those before the line `before`. */
export const readAudit = async (
  db: Database,
  filter: AuditFilter,
  page: { before: number | undefined; limit: number },
): Promise<AuditLine[]> => {
  const { actor, action, object, since } = filter;
  const { rows } = await sql<AuditLine>`
    select id, at, actor, action, object, detail, request_id as "requestId"
    from audit
    where true
      ${actor === undefined ? sql`` : sql`and actor = ${actor}`}
      ${action === undefined ? sql`` : sql`and action = ${action}`}
      ${object === undefined ? sql`` : sql`and object = ${object}`}
      ${since === undefined ? sql`` : sql`and at >= ${since}::timestamptz`}
      ${page.before === undefined ? sql`` : sql`and id < ${page.before}`}
    order by id desc limit ${page.limit}
  `.execute(db);
  return rows;
};
