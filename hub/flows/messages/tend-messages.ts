import { endOverdue } from '#hub/flows/kept/keep.ts';
import { fillInputs } from '#hub/flows/messages/fill-inputs.ts';
import { forgetDone, takeBack } from '#hub/flows/messages/message-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { repeat } from '#hub/platform/repeat.ts';

const idleMs = 1000;
const hourMs = 3_600_000;
/** How long what was handled, and what it did, can be looked at. */
const keptDays = 30;

/** Brings the log to the inputs of flows, takes back lapsed loans, lets go on what waited long enough, and tidies. */
export const tendMessages = (context: PartContext): { stop(): Promise<void> } => {
  const { db, log, tail, wake } = context;
  const filler = repeat(log, 'events for flows', async () => {
    const { taken, more } = await fillInputs(context);
    if (taken > 0) wake.notify('flows');
    return more ? 0 : idleMs;
  });
  const keeper = repeat(log, 'loans of flows', async () => {
    const flows = await takeBack(db, undefined);
    const overdue = await endOverdue(context);
    if (flows.length + overdue > 0) wake.notify('flows');
    return idleMs;
  });
  const tidier = repeat(log, 'handled messages of flows', async () => {
    await forgetDone(db, keptDays);
    return hourMs;
  });
  const unlisten = tail.onNews(() => filler.wake());
  return {
    async stop() {
      unlisten();
      await Promise.all([filler.stop(), keeper.stop(), tidier.stop()]);
    },
  };
};
