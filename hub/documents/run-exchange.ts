import { collectIssued, collectStatuses } from '#hub/documents/collect-app.ts';
import { collectFromAxis } from '#hub/documents/collect-axis.ts';
import { readConnected } from '#hub/documents/connected-apps.ts';
import { handOverDue } from '#hub/documents/hand-over.ts';
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
  const collector = repeat(log, 'documents that come', async () => {
    const { systems, axes } = await readConnected(call);
    let count = 0;
    for (const app of systems) {
      count += await collectIssued(context, app, systems);
      count += await collectStatuses(context, app);
    }
    for (const axis of axes) count += await collectFromAxis(context, axis);
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
