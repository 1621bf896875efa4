import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Database } from '#hub/platform/database.ts';
import type { RequestFacts } from '#sso/request-facts.ts';
import type { Verdict } from '#sso/zones/judge-access.ts';

/** Writes into the trail who was kept from what, why and from where. */
export const noteRefusal = async (
  db: Database,
  { zone, requestId }: RequestFacts,
  given: { verdict: Verdict; clientId: string | undefined; staffId: string | undefined; at: string },
): Promise<void> => {
  const { verdict, clientId, staffId, at } = given;
  const reason = verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
  await appendAudit(db, {
    actor: staffId === undefined ? 'system' : `staff/${staffId}`,
    action: 'access.refused',
    object: `client/${clientId ?? 'unknown'}`,
    detail: { reason, zone, at },
    requestId,
  });
};
