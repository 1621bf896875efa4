import { endRequests } from '#hub/signing/end-requests.ts';
import { overdue } from '#hub/signing/request-store.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';

/** Ends what was not decided in time; what was decided is finished. Answers how many. */
export const endOverdue = async ({ db, wake }: RoundContext): Promise<number> => {
  const ids = await overdue(db, 100);
  if (ids.length === 0) return 0;
  const ended = await endRequests(db, ids, 'expired', 'system');
  if (ended > 0) wake.notify('events');
  return ended;
};
