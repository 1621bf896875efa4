import type { PartContext } from '#hub/platform/part.ts';
import { repeat } from '#hub/platform/repeat.ts';
import { removeSettled } from '#sso/accounts/failure-counter-store.ts';
import { removeExpiredTickets } from '#sso/cas/cas-store.ts';
import type { ProviderKeys } from '#sso/keys/provider-keys.ts';
import { followLeavers } from '#sso/leaving/follow-leavers.ts';
import type { LogoutSenders } from '#sso/leaving/logout-sender.ts';
import { startTellingApps } from '#sso/leaving/tell-apps.ts';
import { removeExpired } from '#sso/provider/oidc-records-store.ts';
import { expireSessions } from '#sso/sessions/expire-sessions.ts';
import { keptDays } from '#sso/sessions/session.ts';
import { removeOldSessions } from '#sso/sessions/session-store.ts';

const hourMs = 3_600_000;
const tidyMs = 60_000;
const restMs = 50;
const atOnce = 500;
/** For so long the IT centre sees where somebody was signed in; the log of events keeps the facts for longer. */

/** Few rows at a time, with a rest between: a clean-up is never felt. */
const nextAfter = (counts: number[]): number => (counts.includes(atOnce) ? restMs : tidyMs);

/** What the sign-on does by itself: it ends, tells and tidies, on every node. */
export const startBackground = async (
  context: PartContext,
  { keys, senders }: { keys: ProviderKeys; senders: LogoutSenders },
): Promise<{ stop(): Promise<void> }> => {
  const { config, db, log } = context;
  const removeOld = async (): Promise<number> =>
    nextAfter([
      await removeExpired(db, atOnce),
      await removeSettled(db, atOnce),
      await removeExpiredTickets(db, atOnce),
      await removeOldSessions(db, keptDays, atOnce),
    ]);
  const endExpired = async (): Promise<number> =>
    nextAfter([await expireSessions(context, config.signOn, atOnce)]);
  const lookAfterKeys = async (): Promise<number> => {
    await keys.rotateWhenOld();
    return hourMs;
  };
  const works = [
    await followLeavers(context),
    startTellingApps(context, senders),
    repeat(log, 'looking after the token keys', lookAfterKeys),
    repeat(log, 'removing expired sign-ins', removeOld),
    repeat(log, 'ending expired sessions', endExpired),
  ];
  return {
    async stop() {
      await Promise.all(works.map(work => work.stop()));
    },
  };
};
