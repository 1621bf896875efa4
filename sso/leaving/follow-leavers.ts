import PQueue from 'p-queue';
import { headOfLog } from '#hub/platform/event-log.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { repeat } from '#hub/platform/repeat.ts';
import { type Event, eventType } from '#schemas/event.ts';
import { movePlace, readPlace } from '#sso/leaving/leavers-store.ts';
import { takeRights } from '#sso/leaving/take-rights.ts';
import { endAllOf } from '#sso/sessions/end-sessions.ts';

const reasonOf: Record<string, 'left' | 'suspended'> = {
  [eventType('staff.left')]: 'left',
  [eventType('staff.suspended')]: 'suspended',
};
const page = 500;
/** A batch of leavers must not take all connections. */
const atOnce = 4;
const longestWait = 5_000;

/**
 * Ends everything of people who leave or are suspended, as soon as the log tells it; who leaves loses what they might do
 * here too. The place in the log moves after
 * that is done: what was under way when the process ended is done again, without harm.
 */
export const followLeavers = async (context: PartContext): Promise<{ stop(): Promise<void> }> => {
  const { db, log, tail } = context;
  // Before the sign-on first ran nobody was signed in.
  let place: EventCursor = await readPlace(db, await headOfLog(db));

  const take = async ({ type, data, at }: Event): Promise<void> => {
    const reason = reasonOf[type];
    if (reason === undefined) return;
    const staffId = String(data.staffId);
    await endAllOf(context, staffId, { reason, actor: 'system' });
    if (reason === 'left') await takeRights(db, { staffId, until: at });
  };
  const round = async (): Promise<number> => {
    for (;;) {
      const { events, cursor } = await tail.read({ after: place, limit: page });
      if (events.length === 0) return longestWait;
      await new PQueue({ concurrency: atOnce }).addAll(events.map(event => () => take(event)));
      await movePlace(db, cursor);
      place = cursor;
    }
  };
  const repeater = repeat(log, 'ending the sessions of leavers', round);
  const unsubscribe = tail.onNews(() => repeater.wake());
  return {
    async stop() {
      unsubscribe();
      await repeater.stop();
    },
  };
};
