import { faultOf } from '#hub/documents/document-fault.ts';
import { entryOutcome, keepEntry, leaseFeed, releaseFeed } from '#hub/documents/feed-store.ts';
import { quarantine } from '#hub/documents/quarantine.ts';
import { takePackage } from '#hub/documents/take-package.ts';
import { inTransaction, isDatabaseAway } from '#hub/platform/database.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { PartContext } from '#hub/platform/part.ts';

type Kind = 'document' | 'status';

/** A port call whose failure ends the round: the axis lists it again. */
const askAxis = async <T>(
  call: PartContext['call'],
  id: string,
  method: string,
  input: object,
): Promise<T> => {
  const answer = await call('connectors.invoke', { id, port: 'documentAxis', method, input: [input] });
  if (!answer.ok) throw new AxisAway(answer.code);
  return answer.result as T;
};
class AxisAway extends Error {}

/** Takes one entry, or puts it into the quarantine; either way it is kept here before the axis is told. */
const takeEntry = async (context: PartContext, axis: string, docId: string, kind: Kind): Promise<void> => {
  const { db, call } = context;
  const known = await entryOutcome(db, axis, docId);
  if (known === undefined) {
    const { base64 } = await askAxis<{ base64: string }>(call, axis, 'fetch', { docId });
    const bytes = Buffer.from(base64, 'base64');
    try {
      await takePackage(context, { source: axis, from: 'axis' }, bytes);
      await keepEntry(db, axis, docId, 'done');
    } catch (error) {
      const fault = faultOf(error);
      if (fault === undefined) throw error;
      await inTransaction(db, async tx => {
        await quarantine(tx, { source: axis, entry: docId, kind, bytes, ...fault });
        await keepEntry(tx, axis, docId, 'fail');
      });
      context.wake.notify('events');
    }
  }
  const outcome = (await entryOutcome(db, axis, docId))!;
  await askAxis(call, axis, 'acknowledge', { docId, outcome });
};

/**
 * Takes what waits on an axis, documents before what is said of them. One that cannot be taken hinders no other. Answers
 * how many there were.
 */
export const collectFromAxis = async (context: PartContext, axis: string): Promise<number> => {
  const { db, call, log } = context;
  const source = `axis/${axis}`;
  if ((await leaseFeed(db, source)) === undefined) return 0;
  let count = 0;
  try {
    for (const kind of ['document', 'status'] as const) {
      const { items } = await askAxis<{ items: { docId: string }[] }>(call, axis, 'list', { kind });
      for (const { docId } of items) {
        await takeEntry(context, axis, docId, kind).catch(error => {
          if (isDatabaseAway(error)) throw error;
          const cause = error instanceof AxisAway ? error.message : describeCause(error);
          log.warn(
            { axis, docId, cause },
            'an entry of the document axis could not be taken; it is tried again',
          );
        });
        count += 1;
      }
    }
  } catch (error) {
    if (!(error instanceof AxisAway)) throw error;
    log.debug({ axis, code: error.message }, 'the document axis cannot be read');
  } finally {
    await releaseFeed(db, source);
  }
  return count;
};
