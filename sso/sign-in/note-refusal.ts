import { appendAudit } from '#hub/platform/audit-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { noteLock } from '#sso/accounts/note-lock.ts';
import { waitWords } from '#sso/accounts/wait-words.ts';
import type { RequestFacts } from '#sso/request-facts.ts';
import type { PasswordVerdict } from '#sso/sign-in/check-password.ts';

type Refusal = Exclude<PasswordVerdict, { outcome: 'right' }>;

/**
 * Writes a refusal into the trail, and the lock that it brought. Of those that were not even looked at only the first
 * of a lock or a minute: whoever hammers must not fill the trail.
 */
export const noteRefusal = async (
  context: Pick<PartContext, 'db'>,
  verdict: Refusal,
  facts: RequestFacts,
): Promise<void> => {
  // An older system that is away, or knows somebody whom we do not, refuses nothing.
  if (verdict.outcome === 'away' || verdict.outcome === 'unlinked') return;
  if ('first' in verdict && !verdict.first) return;
  const staffId = 'staff' in verdict ? verdict.staff.id : verdict.staffId;
  await appendAudit(context.db, {
    actor: `staff/${staffId ?? 'unknown'}`,
    action: 'sign-in.refused',
    object: `staff/${staffId ?? 'unknown'}`,
    detail: { reason: verdict.outcome, zone: facts.zone },
    requestId: facts.requestId,
  });
  if (verdict.outcome === 'wrong' && verdict.locked) await noteLock(context, 'password', staffId, facts);
};

/** The words for it, the same whoever the name belongs to. */
export const wordsFor = (verdict: Refusal): { key: string; params?: Record<string, number> } => {
  switch (verdict.outcome) {
    case 'wrong':
    case 'barred':
      return { key: `sso.sign-in.${verdict.outcome}` };
    case 'away':
    case 'unlinked':
      return { key: `upstream.password.${verdict.outcome}` };
    case 'idle':
      return { key: 'accounts.sign-in.idle' };
    case 'locked':
    case 'slow-down':
      return waitWords(verdict.outcome, verdict.seconds);
  }
};
