import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import type { ParkedChanges } from './delivery-queue.ts';
import type { Outcome } from './flusher.ts';
import type { ServedSubscription } from './lease-store.ts';

/** How a receiver has answered since its subscription was opened here. Times of the wall, in milliseconds. */
export interface Health {
  failures: number;
  failingSince: number | undefined;
  lastSuccessAt: number | undefined;
  lastError: { at: number; code: string; status: number | null } | undefined;
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** What is to be written of one subscription. */
export const toOutcome = (
  { id, epoch }: Pick<ServedSubscription, 'id' | 'epoch'>,
  { place, caughtUp }: { place: EventCursor; caughtUp: boolean },
  { failures, failingSince, lastSuccessAt, lastError }: Health,
  { put, remove }: ParkedChanges,
  clock: DeliveryClock,
): Outcome => ({
  mark: {
    id,
    epoch,
    ...place,
    failures,
    failingSince: iso(failingSince),
    lastSuccessAt: iso(lastSuccessAt),
    lastErrorAt: iso(lastError?.at),
    lastErrorCode: lastError?.code ?? null,
    lastErrorStatus: lastError?.status ?? null,
    caughtUp,
  },
  put: put.map(({ item, state }) => ({
    subscriptionId: id,
    ...item.place,
    eventId: item.eventId,
    type: item.type,
    subject: item.subject,
    state,
    attempts: item.attempts,
    dueAt: new Date(clock.now() + Math.max(item.dueAt - clock.elapsed(), 0)).toISOString(),
    delayMs: item.delayMs,
    asked: item.asked,
    errorCode: item.errorCode ?? null,
  })),
  remove: remove.map(({ place }) => ({ subscriptionId: id, ...place })),
});
