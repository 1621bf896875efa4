import { inTransaction } from '#hub/platform/database.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { eventType } from '#schemas/event.ts';
import type { Staff } from '#schemas/staff.ts';
import { endAllOf } from '#sso/sessions/end-sessions.ts';
import type { OpenedApp } from '#sso/sessions/session.ts';
import { insertSession, type NewSession, touchSession } from '#sso/sessions/session-store.ts';

type Starting = Omit<NewSession, 'units'> & { app: OpenedApp | undefined };

const unitsOf = ({ unitId, positions }: Staff): string[] => [
  ...new Set([...(unitId === undefined ? [] : [unitId]), ...positions.map(position => position.unitId)]),
];

/**
 * Writes a new session and the fact that it started. Whether the person may still sign in is looked at after the
 * commit: who leaves at this moment is seen here, or sees this session when theirs are ended. False: they may not,
 * and nothing is left of it.
 */
export const startSession = async (context: PartContext, starting: Starting): Promise<boolean> => {
  const { db, call, wake } = context;
  const { uid, staffId, zone, amr, app } = starting;
  const units = unitsOf(await call('staff.get', { id: staffId }));
  const seen = await inTransaction(db, async tx => {
    await lockSubjects(tx, [`session/${uid}`]);
    const isNew = await insertSession(tx, { ...starting, units });
    const state = await touchSession(tx, { uid, app });
    if (isNew)
      await appendEvents(tx, [
        {
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
        },
      ]);
    return state;
  });
  wake.notify('events');
  const person = await call('staff.account', { id: staffId });
  if (person?.status === 'active') return seen === 'open';
  const reason = person?.status === 'left' ? 'left' : 'suspended';
  await endAllOf(context, staffId, { reason, actor: 'system' });
  return false;
};
