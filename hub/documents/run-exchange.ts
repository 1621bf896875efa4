import { collectIssued, collectStatuses } from '#hub/documents/collect-app.ts';
import { collectFromAxis } from '#hub/documents/collect-axis.ts';
import { readConnected } from '#hub/documents/connected-apps.ts';
import { handOverDue } from '#hub/documents/hand-over.ts';
import { isDatabaseAway } from '#hub/platform/database.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';

/** Lists are read this often; the axis and the apps push nothing. */
const pollMs = 2_000;
const idleMs = 1_000;

/** The rounds of the exchange, on every node: one hands over, the other fetches what came. */
export const runExchange = (context: PartContext): Repeater[] => {
  const { call, log, wake } = context;
  const sender = repeat(log, 'documents to hand over', async () =>
    (await handOverDue(context)) > 0 ? 0 : idleMs,
  );
  /** One app that cannot be read hinders no other. */
  const alone = (app: string, work: Promise<number>): Promise<number> =>
    work.catch(error => {
      if (isDatabaseAway(error)) throw error;
      log.warn({ app, cause: describeCause(error) }, 'documents could not be taken; tried again');
      return 0;
    });
  const stuck = new Map<string, number>();
  const collector = repeat(log, 'documents that come', async () => {
    const { systems, axes } = await readConnected(call);
    let count = 0;
    for (const app of systems) {
      count += await alone(app, collectIssued(context, app, stuck));
      count += await alone(app, collectStatuses(context, app));
    }
    for (const axis of axes) count += await alone(axis, collectFromAxis(context, axis));
    return count > 0 ? 0 : pollMs;
  });
  const forget = wake.on('documents', () => sender.wake());
  return [
    {
      wake: () => sender.wake(),
      async stop() {
        forget();
        await sender.stop();
      },
    },
    collector,
  ];
};
