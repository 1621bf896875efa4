import { worksAlone } from '#hub/platform/config.ts';
import { createEventViewers } from '#hub/platform/events/event-viewers.ts';
import type { CreatePart, Part, PartContext } from '#hub/platform/part.ts';
import type { Repeater } from '#hub/platform/repeat.ts';
import { type DeliveryClock, systemClock } from './delivery-clock.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { readEgressPolicy } from './egress-policy.ts';
import { createFlusher } from './flusher.ts';
import { releaseAllLeases } from './lease-store.ts';
import { type Resolve, resolveByDns } from './pin-address.ts';
import { createPoster } from './post.ts';
import { publishFigures } from './publish-figures.ts';
import { retryDelays } from './retry-schedule.ts';
import { startServing } from './serve-subscriptions.ts';
import { createSlots } from './slots.ts';
import { subscriptionRoutes } from './subscription-routes.ts';

/** What tests hand in: clocks, chance, the network's names and shorter times. Milliseconds. */
export interface DeliveryOptions {
  clock?: DeliveryClock;
  random?: () => number;
  resolve?: Resolve;
  delays?: readonly number[];
  probeMs?: number;
  timeoutMs?: number;
  leaseMs?: number;
}

/** Requests under way at once, over all subscriptions of a process. */
const sockets = 512;
/** A dead node's subscriptions are taken over after this and the next look of another, two seconds at most. */
const defaultLeaseMs = 12_000;
const defaultProbeMs = 1000;

/** Webhooks: the part, with what tests may choose. */
export const createDeliveryWith = (context: PartContext, options: DeliveryOptions = {}): Part => {
  const { db, log, config, secrets, tail, viewers, wake } = context;
  const { clock = systemClock, random = Math.random, resolve = resolveByDns } = options;
  const policy = readEgressPolicy(config.egress);
  const poster = createPoster(policy, resolve, {
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  // Whoever manages a subscription has often just changed the app: what is known of it must not be old.
  const fresh = { ofApp: (app: string) => createEventViewers(context.call).ofApp(app) };
  const manage = { db, secrets, wake, viewers: fresh, policy, poster, clock };
  let serving: Repeater | undefined;
  return {
    name: 'delivery',
    actions: {},
    routes: [...subscriptionRoutes(manage), ...deliveryRoutes(manage)],
    async start() {
      if (worksAlone(config)) await releaseAllLeases(db);
      publishFigures(db);
      serving = startServing(context, {
        db,
        tail,
        log,
        secrets,
        viewers,
        poster,
        clock,
        random,
        slots: createSlots(sockets),
        delays: options.delays ?? retryDelays,
        probeMs: options.probeMs ?? defaultProbeMs,
        leaseMs: options.leaseMs ?? defaultLeaseMs,
        makeFlusher: node => createFlusher(db, node, log),
      });
    },
    async stop() {
      await serving?.stop();
      poster.stop();
    },
  };
};

const createDelivery: CreatePart = context => createDeliveryWith(context);
export default createDelivery;
