import { readEgressPolicy } from '#hub/delivery/egress-policy.ts';
import { createFlusher } from '#hub/delivery/flusher.ts';
import type { LaneShared } from '#hub/delivery/lane.ts';
import { resolveByDns } from '#hub/delivery/pin-address.ts';
import { createPoster } from '#hub/delivery/post.ts';
import { startServing } from '#hub/delivery/serve-subscriptions.ts';
import { createSlots } from '#hub/delivery/slots.ts';
import { createDeliveryHub, type DeliveryHub } from '#tests/delivery/delivery-hub.ts';

/** Limits small enough for a spec, and a clock that it holds in its hands. */
export type Limits = Partial<Pick<LaneShared, 'clock' | 'parkedMax'>> & {
  /** Resolves when the log may be read. */
  waitForLog?: () => Promise<void>;
  /** Requests under way at once over all subscriptions. */
  sockets?: number;
};

/** A node whose webhooks are served within other limits than the hub's own. */
export const serveWithLimits = async ({
  sockets = 512,
  waitForLog,
  ...limits
}: Limits): Promise<DeliveryHub> => {
  const clock = limits.clock ?? { now: () => Date.now(), elapsed: () => performance.now() };
  const hub = await createDeliveryHub({ started: false, clock });
  const { db, tail, log, secrets, viewers } = hub.context;
  const poster = createPoster(readEgressPolicy(['loopback']), resolveByDns);
  const serving = startServing(hub.context, {
    db,
    tail: {
      ...tail,
      async read(request) {
        await waitForLog?.();
        return tail.read(request);
      },
    },
    log,
    secrets,
    viewers,
    poster,
    random: () => 0.5,
    slots: createSlots(sockets),
    // So many that nothing is given up in the time of a spec.
    delays: Array.from({ length: 100 }, () => 200),
    probeMs: 30,
    leaseMs: 12_000,
    makeFlusher: node => createFlusher(db, node, log),
    ...limits,
    clock,
  });
  await hub.app('portal');
  return {
    ...hub,
    async stop() {
      await serving.stop();
      poster.stop();
      await hub.stop();
    },
  };
};
