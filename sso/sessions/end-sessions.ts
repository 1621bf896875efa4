import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import type { Wake } from '#hub/platform/wake.ts';
import { eventType } from '#schemas/event.ts';
import {
  markEnded,
  noticeApp,
  noticePerson,
  noticeSessions,
  removeOfPerson,
  removeOfSessions,
} from '#sso/sessions/end-store.ts';
import type { EndReason } from '#sso/sessions/session.ts';
import { readOpenUids } from '#sso/sessions/session-store.ts';

export interface EndDeps {
  db: Database;
  wake: Wake;
}

/** Who ends sessions, and why. */
export interface Ending {
  reason: EndReason;
  /** `staff/<uuid>`, `client/<id>` or `system`. */
  actor: string;
  requestId?: string | undefined;
}

const subjectOf = (uid: string): string => `session/${uid}`;

/** Ends sessions in the caller's transaction, as its first statements; answers how many had not ended before. */
export const closeSessions = async (
  tx: Tx,
  uids: string[],
  { reason, actor }: Pick<Ending, 'reason' | 'actor'>,
): Promise<number> => {
  if (uids.length === 0) return 0;
  await lockSubjects(tx, uids.map(subjectOf));
  const ended = await markEnded(tx, uids, reason);
  await removeOfSessions(tx, uids);
  await appendEvents(
    tx,
    ended.map(({ uid, staffId, zone, units }) => ({
      type: eventType('session.ended'),
      subject: subjectOf(uid),
      subjectVersion: 2,
      source: 'sso',
      actor,
      data: { staffId, sessionId: uid, zone, reason, units },
    })),
  );
  return ended.length;
};

const tellOfEnds = ({ wake }: EndDeps, ended: number): void => {
  if (ended > 0) wake.notify('events');
  wake.notify('sign-outs');
};

/** Ends these sessions of one person, whoever else has some: tokens go, apps will be told of each session. */
export const endSessions = async (deps: EndDeps, uids: string[], ending: Ending): Promise<number> => {
  const ended = await inTransaction(deps.db, async tx => {
    const count = await closeSessions(tx, uids, ending);
    await noticeSessions(tx, uids, ending.reason);
    return count;
  });
  tellOfEnds(deps, ended);
  return ended;
};

/**
 * Ends everything of a person: all sessions, grants, tokens, sign-ins under way; every app that they have opened will
 * be told that all sessions are over. May be done again without harm.
 */
export const endAllOf = async (deps: EndDeps, staffId: string, ending: Ending): Promise<number> => {
  const uids = await readOpenUids(deps.db, staffId);
  const ended = await inTransaction(deps.db, async tx => {
    const count = await closeSessions(tx, uids, ending);
    await removeOfPerson(tx, staffId);
    await noticePerson(tx, staffId, ending.reason);
    if (count > 0 && ending.reason === 'revoked')
      await appendAudit(tx, {
        actor: ending.actor,
        action: 'sessions.ended',
        object: `staff/${staffId}`,
        detail: { sessions: count },
        ...(ending.requestId === undefined ? {} : { requestId: ending.requestId }),
      });
    return count;
  });
  tellOfEnds(deps, ended);
  return ended;
};

/** One app is left, the session goes on. */
export const leaveApp = async (deps: EndDeps, uid: string, clientId: string): Promise<void> => {
  await inTransaction(deps.db, tx => noticeApp(tx, uid, clientId));
  tellOfEnds(deps, 0);
};
