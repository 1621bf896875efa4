import type { Database } from '#hub/platform/database.ts';
import { mayDecide, type Powers, signersOf } from '#hub/signing/may-decide.ts';
import { type WaitingRow, waitingSteps } from '#hub/signing/step-store.ts';

const atMost = 1000;

/**
 * What waits that a person may decide, the oldest first, at most a thousand. The limits of a delegation are looked at step by
 * step, so that what they leave out takes no place in it.
 */
export const waitingFor = async (db: Database, powers: Powers): Promise<WaitingRow[]> => {
  const mine: WaitingRow[] = [];
  let page: WaitingRow[] = [];
  do {
    page = await waitingSteps(db, { ...signersOf(powers), after: page.at(-1)?.id });
    mine.push(...page.filter(step => mayDecide(powers, step)));
  } while (page.length > 0 && mine.length < atMost);
  return mine.slice(0, atMost);
};
