import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { createFirstIn } from '#sso/first-in.ts';
import type { RequestFacts } from '#sso/request-facts.ts';
import type { Verdict } from '#sso/zones/judge-access.ts';

/** Of one person, client and reason; on this node. */
const isFirst = createFirstIn(60_000);

/**
 * Writes into the trail who was kept from what, why and from where: once a minute the same, and nothing of whom nobody
 * knows yet, or every stranger could fill the trail by asking.
 */
export const noteRefusal = async (
  db: Database,
  { zone, requestId }: RequestFacts,
  given: { verdict: Verdict; clientId: string | undefined; staffId: string | undefined; at: string },
): Promise<void> => {
  const { verdict, clientId, staffId, at } = given;
  if (staffId === undefined) return;
  const reason = verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
  if (!isFirst(JSON.stringify([staffId, clientId, reason]))) return;
  await appendAudit(db, {
    actor: `staff/${staffId}`,
    action: 'access.refused',
    object: `client/${clientId ?? 'unknown'}`,
    detail: { reason, zone, at },
    requestId,
  });
};
