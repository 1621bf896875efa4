import { callApp } from '#hub/flows/effects/call-app.ts';
import { type Effect, perform } from '#hub/flows/effects/effect.ts';
import { correlate, once, readState, wait, writeState } from '#hub/flows/kept/keep.ts';
import { findInput } from '#hub/flows/messages/input-store.ts';
import {
  giveBack,
  insertMessages,
  leaseMessages,
  renewLeases,
  settleLoans,
  takeBack,
} from '#hub/flows/messages/message-store.ts';
import { runMessages } from '#hub/flows/messages/run-messages.ts';
import type { Handlers } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** What a message of a flow may do to the world, by the name of the command. */
const effects: Record<string, Effect> = { 'app.call': callApp };

/** What flows stand on: messages on loan, what they did, what they keep, and versions. Node-RED itself is in `flows/`. */
const createFlows: CreatePart = context => {
  const { db, wake } = context;
  let running: { stop(): Promise<void> } | undefined;
  const lostOf = (ids: string[], held: string[]): { lost: string[] } => ({
    lost: ids.filter(id => !held.includes(id)),
  });
  return {
    name: 'flows',
    actions: {
      'flows.claim': wish => leaseMessages(db, wish),
      'flows.renew': async ({ leases, seconds }) => lostOf(leases, await renewLeases(db, leases, seconds)),
      'flows.settle': async ({ loans }) => {
        const held = await settleLoans(db, loans);
        if (loans.some(({ fault }) => fault !== undefined)) wake.notify('flows');
        return lostOf(
          loans.map(({ id }) => id),
          held,
        );
      },
      async 'flows.release'({ runner, crashed }) {
        const flows = crashed ? await takeBack(db, runner) : await giveBack(db, runner);
        wake.notify('flows');
        return { flows };
      },
      async 'flows.put'({ stage, flow, node, id, key, message }) {
        const input = await findInput(db, { stage, flow, node });
        if (input === undefined) throw new AppError('flow-input-unknown', { stage, flow, node });
        await insertMessages(db, [
          { id, stage, flow, node, key: key ?? null, message, attempts: input.attempts },
        ]);
        wake.notify('flows');
        return { id };
      },
      'flows.effect': given => perform(context, effects, given),
      'flows.wait': given => wait(context, given),
      'flows.correlate': given => correlate(context, given),
      'flows.once': given => once(context, given),
      'flows.read-state': given => readState(context, given),
      'flows.write-state': given => writeState(context, given),
    } satisfies Partial<Handlers<'flows'>>,
    async start() {
      running = runMessages(context);
    },
    async stop() {
      await running?.stop();
    },
  };
};
export default createFlows;
