import { AppError } from '#hub/platform/errors.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import { type Asked, changeOne, type ManageContext, requireSubscription } from './manage-context.ts';
import { dropRows } from './parked-store.ts';
import { readPlace } from './read-place.ts';
import { setBack } from './subscription-store.ts';

/**
 * Sends everything from a place on once more, in order: the subscription's place is set back, and it catches up in its
 * own bounded window, after the others. With `to`, it goes on from there where it was. No row is written for it.
 *
 * @throws {AppError} `invalid-request` when `from` lies ahead of where it stands, or `to` before `from`
 */
export const replay = async (
  context: ManageContext,
  asked: Asked,
  id: string,
  given: { from: string; to?: string },
): Promise<void> => {
  await requireSubscription(context.db, asked.caller, id);
  const after = await readPlace(context.db, given.from, '/from');
  const to = given.to === undefined ? undefined : await readPlace(context.db, given.to, '/to');
  await changeOne(context, asked, id, 'replayed', async (tx, row) => {
    const fault = (pointer: string, code: string) =>
      new AppError('invalid-request', {}, { faults: [{ pointer, code }] });
    if (compareCursors(after, row) > 0) throw fault('/from', 'ahead-of-place');
    if (to !== undefined && compareCursors(to, after) < 0) throw fault('/to', 'before-from');
    const until = to === undefined || compareCursors(to, row) >= 0 ? undefined : to;
    await dropRows(tx, id, { after, to: until });
    await setBack(tx, id, { after, to: until });
    return { result: undefined, detail: { from: given.from, to: given.to } };
  });
};
