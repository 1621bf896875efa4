import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { Wake } from '#hub/platform/wake.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import { closeSessions } from '#sso/sessions/end-sessions.ts';
import { readExpiredUids, removeOldSessions } from '#sso/sessions/session-store.ts';

const atOnce = 200;
/** For so long the IT centre sees where somebody was signed in; the log of events keeps the facts for longer. */
const keptDays = 90;

/**
 * Marks as ended what has expired. Apps are not told: who works in one for hours opens no other, and must not lose
 * what they write because of that.
 */
export const expireSessions = async (
  { db, wake }: { db: Database; wake: Wake },
  settings: Pick<SignOnSettings, 'sessionIdleMinutes' | 'sessionHours'>,
): Promise<void> => {
  for (;;) {
    const uids = await readExpiredUids(db, {
      idleMinutes: settings.sessionIdleMinutes,
      hours: settings.sessionHours,
      limit: atOnce,
    });
    const ended = await inTransaction(db, tx =>
      closeSessions(tx, uids, { reason: 'expired', actor: 'system' }),
    );
    if (ended > 0) wake.notify('events');
    if (uids.length < atOnce) break;
  }
  await removeOldSessions(db, keptDays);
};
