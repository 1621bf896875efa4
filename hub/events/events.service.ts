import type { CreatePart } from '#hub/platform/part.ts';
import { eventRoutes } from './events.routes.ts';
import { leaseRoutes } from './lease.routes.ts';
import { publishLag } from './publish-lag.ts';
import { watchHeldLog } from './watch-held-log.ts';

/** The event log for the outside: pages, streams and leases, each as the asking app may see it. */
const createEvents: CreatePart = context => {
  const ends: (() => unknown)[] = [];
  return {
    name: 'events',
    actions: {},
    routes: [...eventRoutes(context), ...leaseRoutes(context)],
    async start() {
      publishLag(context.db);
      const watch = watchHeldLog(context);
      // The end of the log is followed from now on: whoever reads there later finds it in memory.
      ends.push(
        context.tail.onNews(() => {}),
        () => watch.stop(),
      );
    },
    async stop() {
      for (const end of ends.splice(0)) await end();
    },
  };
};

export default createEvents;
