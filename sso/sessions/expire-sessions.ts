import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { Wake } from '#hub/platform/wake.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import { closeSessions } from '#sso/sessions/end-sessions.ts';
import { readExpiredUids } from '#sso/sessions/session-store.ts';

/**
 * Marks as ended what has expired, at most so many; answers how many it found. Apps are not told: who works in one for
 * hours opens no other, and must not lose what they write because of that. Two nodes that find the same end it once.
 */
export const expireSessions = async (
  { db, wake }: { db: Database; wake: Wake },
  settings: Pick<SignOnSettings, 'sessionIdleMinutes' | 'sessionHours'>,
  most: number,
): Promise<number> => {
  const uids = await readExpiredUids(db, {
    idleMinutes: settings.sessionIdleMinutes,
    hours: settings.sessionHours,
    limit: most,
  });
  const ended = await inTransaction(db, tx =>
    closeSessions(tx, uids, { reason: 'expired', actor: 'system' }),
  );
  if (ended > 0) wake.notify('events');
  return uids.length;
};
