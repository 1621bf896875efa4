import type { PartContext } from '#hub/platform/part.ts';
import { eventType } from '#schemas/event.ts';
import { endAllOf } from '#sso/sessions/end-sessions.ts';
import type { OpenedApp } from '#sso/sessions/session.ts';
import { insertSession, type NewSession, touchSession } from '#sso/sessions/session-store.ts';

type Starting = NewSession & { app: OpenedApp | undefined };

/**
 * Writes a new session and the fact that it started. Whether the person may still sign in is looked at after the
 * commit: who leaves at this moment is seen here, or sees this session when theirs are ended. False: they may not,
 * and nothing is left of it.
 */
export const startSession = async (context: PartContext, { app, ...session }: Starting): Promise<boolean> => {
  const { db, call, wake } = context;
  const { uid, staffId, zone, amr, factorAt, units } = session;
  const isNew = await insertSession(db, session, app, {
    type: eventType('session.started'),
    subject: `session/${uid}`,
    subjectVersion: 1,
    source: 'sso',
    actor: `staff/${staffId}`,
    data: {
      staffId,
      sessionId: uid,
      zone,
      amr,
      ...(app?.appId === undefined ? {} : { app: app.appId }),
      units,
    },
  });
  const state = isNew ? 'open' : await touchSession(db, { uid, amr, factorAt, app });
  wake.notify('events');
  const person = await call('staff.account', { id: staffId });
  if (person?.status === 'active') return state === 'open';
  const reason = person?.status === 'left' ? 'left' : 'suspended';
  await endAllOf(context, staffId, { reason, actor: 'system' });
  return false;
};
