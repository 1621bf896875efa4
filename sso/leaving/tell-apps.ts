import { type Database, isDatabaseAway } from '#hub/platform/database.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { Log } from '#hub/platform/log.ts';
import { repeat } from '#hub/platform/repeat.ts';
import type { Wake } from '#hub/platform/wake.ts';
import { kindOf, type LogoutOutcome, type LogoutSenders } from '#sso/leaving/logout-sender.ts';
import {
  type ClaimedNotice,
  claimNotice,
  putOffNotice,
  readDueClients,
  readNextDue,
  settleNotice,
} from '#sso/leaving/notice-store.ts';
import { retryAfter } from '#sso/leaving/retry-schedule.ts';

/** Attempts at one app at a time, on this node. */
const perClient = 4;
/** Longer than any attempt; who dies in the middle delays its notices by this. */
const leaseMs = 20_000;
/** A lost wake-up costs no more. */
const longestWait = 5_000;

/** Sends the notices that wait, each app in a lane of its own: one that never answers holds up nobody. */
export const startTellingApps = (
  { db, log, wake }: { db: Database; log: Log; wake: Wake },
  senders: LogoutSenders,
): { stop(): Promise<void> } => {
  const lanes = new Map<string, Set<Promise<void>>>();
  let stopped = false;

  const settle = async (notice: ClaimedNotice, outcome: LogoutOutcome): Promise<void> => {
    if (typeof outcome === 'string') return settleNotice(db, notice, outcome);
    const { clientId, attempts, age } = notice;
    const ms = retryAfter(attempts, age);
    if (ms !== undefined) return putOffNotice(db, notice, { error: outcome.failure, ms });
    log.error({ clientId, error: outcome.failure }, 'an app was never told of a sign-out');
    return settleNotice(db, notice, 'given-up', outcome.failure);
  };

  const send = async (notice: ClaimedNotice): Promise<LogoutOutcome> => {
    const sender = senders[kindOf(notice.clientId)];
    if (sender === undefined) return 'not-wanted';
    return sender(notice).catch((cause: unknown) => {
      log.error({ clientId: notice.clientId, cause: describeCause(cause) }, 'telling an app failed');
      return { failure: 'internal' };
    });
  };

  /** Sends what is due of a client, one after the other; then looks when the next is. */
  const work = async (clientId: string): Promise<void> => {
    for (let sent = false; !stopped; sent = true) {
      const notice = await claimNotice(db, clientId, leaseMs);
      if (notice === undefined) {
        if (sent) repeater.wake();
        return;
      }
      await settle(notice, await send(notice));
    }
  };

  /** As many workers as there are notices, up to the most. */
  const fillLane = (clientId: string, due: number): void => {
    const lane = lanes.get(clientId) ?? new Set();
    lanes.set(clientId, lane);
    for (let wanted = Math.min(due, perClient - lane.size); wanted > 0; wanted -= 1) {
      const worker: Promise<void> = work(clientId)
        .catch((cause: unknown) => {
          // What it had taken comes again when its lease is over.
          if (!isDatabaseAway(cause))
            log.error({ clientId, cause: describeCause(cause) }, 'telling an app failed');
        })
        .finally(() => {
          lane.delete(worker);
          if (lane.size === 0) lanes.delete(clientId);
        });
      lane.add(worker);
    }
  };

  const repeater = repeat(
    log,
    'telling apps of sign-outs',
    async () => {
      for (const { clientId, due } of await readDueClients(db)) fillLane(clientId, due);
      const ms = await readNextDue(db);
      // What is due already lies in a lane.
      return ms === undefined || ms <= 0 ? longestWait : Math.min(ms + 1, longestWait);
    },
    { restMs: 10 },
  );
  const unsubscribe = wake.on('sign-outs', () => repeater.wake());

  return {
    async stop() {
      stopped = true;
      unsubscribe();
      await repeater.stop();
      await Promise.all([...lanes.values()].flatMap(lane => [...lane]));
    },
  };
};
