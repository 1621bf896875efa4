import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** One line of the trail. `detail` holds ids and names of fields, never a secret and no personal data. */
export interface AuditEntry {
  /** `client/<id>`, `staff/<uuid>` or `system`. */
  actor: string;
  /** `<noun>.<verb in the past>`: `app.changed`, `client.created`. */
  action: string;
  /** `<kind>/<id>`: `app/mail`. */
  object: string;
  detail?: Record<string, unknown>;
  requestId?: string;
}

/** Writes the trail of a change in the transaction of the change: there is never one without the other. */
export const appendAudit = async (db: Database | Tx, entry: AuditEntry): Promise<void> => {
  await sql`
    insert into audit (actor, action, object, detail, request_id)
    values (${entry.actor}, ${entry.action}, ${entry.object},
            ${JSON.stringify(entry.detail ?? {})}::jsonb, ${entry.requestId ?? null})
  `.execute(db);
};
