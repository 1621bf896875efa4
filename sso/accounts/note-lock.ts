import { appendAudit } from '#hub/platform/audit-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { RequestFacts } from '#sso/request-facts.ts';

/** Writes into the trail that wrong guesses have locked an account from one network. */
export const noteLock = (
  { db }: Pick<PartContext, 'db'>,
  kind: string,
  staffId: string | undefined,
  facts: RequestFacts,
) =>
  appendAudit(db, {
    actor: 'system',
    action: 'account.locked',
    object: `staff/${staffId ?? 'unknown'}`,
    detail: { kind, zone: facts.zone },
    requestId: facts.requestId,
  });
