import { type Database, inTransaction } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import { isBeingSigned } from '#hub/signing/being-signed.ts';
import { moveRequests } from '#hub/signing/request-store.ts';
import { moveSteps, stepsOf } from '#hub/signing/step-store.ts';
import { subjectOf, tellSigning } from '#hub/signing/tell.ts';

/** Takes requests back, or ends them because their time is over. One that is being signed this moment is left. Answers how many ended. */
export const endRequests = (
  db: Database,
  ids: string[],
  state: 'cancelled' | 'expired',
  actor: string,
): Promise<number> =>
  inTransaction(db, async tx => {
    await lockSubjects(tx, ids.map(subjectOf));
    const steps = await stepsOf(tx, ids);
    const busy = new Set(steps.filter(isBeingSigned).map(({ requestId }) => requestId));
    const requests = await moveRequests(
      tx,
      ids.filter(id => !busy.has(id)),
      ['waiting'],
      { state },
    );
    const ended = new Set(requests.map(({ id }) => id));
    await moveSteps(
      tx,
      steps.filter(({ requestId }) => ended.has(requestId)).map(({ id }) => id),
      ['received', 'waiting'],
      { state },
    );
    await tellSigning(
      tx,
      `signing.${state}`,
      actor,
      requests.map(request => ({ request })),
    );
    return requests.length;
  });
