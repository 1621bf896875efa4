import { randomUUID } from 'node:crypto';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import type { Flusher } from './flusher.ts';
import { createLane, type Lane, type LaneShared } from './lane.ts';
import {
  claimSubscriptions,
  disableServed,
  readServed,
  releaseLease,
  renewLeases,
  type ServedSubscription,
} from './lease-store.ts';
import { readParked } from './parked-store.ts';
import { tellContact } from './tell-contact.ts';

interface Served {
  lane: Lane;
  subscription: ServedSubscription;
  revision: number;
  until: number;
  /** It is being ended or opened anew. */
  busy: Promise<void> | undefined;
}

const everyMs = 2000;
const restMs = 20;
const releaseWithinMs = 8000;

/**
 * The subscriptions that this node serves: claims those that nobody serves, holds on to its own by a lease, and
 * opens one anew when somebody changed it. A node that dies leaves them to others when its leases end.
 */
export const startServing = (
  context: PartContext,
  shared: Omit<LaneShared, 'flusher' | 'disable'> & {
    makeFlusher: (node: string) => Flusher;
    leaseMs: number;
  },
): Repeater => {
  const { db, log, wake, call } = context;
  const { makeFlusher, leaseMs, ...common } = shared;
  const { clock, tail } = common;
  const node = randomUUID();
  const flusher = makeFlusher(node);
  const lanes = new Map<string, Served>();
  let stopped = false;

  const disable = (id: string, reason: 'gone' | 'failing'): void => {
    const { subscription } = lanes.get(id)!;
    disableServed(db, node, { id, reason }).then(
      done => {
        if (!done) return;
        log.warn({ subscription: id, app: subscription.app, reason }, 'a webhook subscription was disabled');
        void tellContact({ call, log }, subscription, reason);
        repeater.wake();
      },
      // Closed as it is, it is opened anew by the next round, and fails again.
      error => {
        log.warn({ err: error, subscription: id }, 'a webhook subscription could not be disabled');
        lanes.get(id)!.revision = -1;
      },
    );
  };

  const open = async (subscription: ServedSubscription, until: number): Promise<void> => {
    const rows = await readParked(db, subscription.id);
    if (stopped) return;
    const lane = createLane({ ...common, flusher, disable }, subscription, rows, until);
    lanes.set(subscription.id, {
      lane,
      subscription,
      revision: subscription.revision,
      until,
      busy: undefined,
    });
  };

  /** Closes a lane and opens it anew as it is now; gives it up when it shall not be served any more. */
  const reopen = async (id: string, served: Served): Promise<void> => {
    await served.lane.close();
    const now = await readServed(db, node, id);
    if (now?.state === 'active' && !stopped) return open(now, served.until);
    await releaseLease(db, node, id);
    lanes.delete(id);
  };

  const drop = (id: string): void => {
    lanes.get(id)?.lane.abandon();
    lanes.delete(id);
  };

  const round = async (): Promise<number> => {
    const began = clock.elapsed();
    // Too late to hold on to: another node may have begun. It is claimed again like any other.
    for (const [id, { until }] of lanes) if (began >= until) drop(id);
    const until = began + leaseMs * 0.9;
    const held = new Map((await renewLeases(db, node, leaseMs)).map(row => [row.id, row]));
    for (const [id, served] of lanes) {
      const row = held.get(id);
      if (row === undefined && served.busy === undefined) drop(id);
      if (row === undefined) continue;
      served.until = until;
      served.lane.extend(until);
      if (served.busy === undefined && (row.revision !== served.revision || row.state !== 'active'))
        served.busy = reopen(id, served).catch(error => {
          log.warn({ err: error, subscription: id }, 'a webhook subscription is opened anew later');
          drop(id);
        });
    }
    // Held, but not served here: what could not be opened, or lapsed, is given back.
    for (const id of held.keys()) if (!lanes.has(id)) await releaseLease(db, node, id);
    for (const subscription of await claimSubscriptions(db, node, leaseMs)) await open(subscription, until);
    return Math.min(everyMs, leaseMs / 4);
  };

  const repeater = repeat(log, 'webhook subscriptions', round, { restMs });
  const ends = [
    wake.on('subscriptions', () => repeater.wake()),
    tail.onNews(() => {
      for (const { lane } of lanes.values()) lane.wake();
    }),
  ];
  return {
    wake: () => repeater.wake(),
    async stop() {
      stopped = true;
      for (const end of ends) end();
      await repeater.stop();
      const giveUp = new Promise<void>(resolve => setTimeout(resolve, releaseWithinMs).unref());
      const releases = [...lanes].map(async ([id, { lane, busy }]) => {
        await (busy ?? lane.close());
        await releaseLease(db, node, id);
      });
      await Promise.race([Promise.allSettled(releases), giveUp]);
      await flusher.stop();
    },
  };
};
