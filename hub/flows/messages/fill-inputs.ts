import { type InputRow, listEventInputs, moveInput } from '#hub/flows/messages/input-places-store.ts';
import { insertMessages } from '#hub/flows/messages/message-store.ts';
import { flowsApp, showToFlows } from '#hub/flows/messages/show-to-flows.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { compareCursors } from '#hub/platform/events/event-cursor.ts';
import { toCloudEvent } from '#hub/platform/events/to-cloud-event.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type EventName, eventType } from '#schemas/event.ts';

type Context = Pick<PartContext, 'db' | 'tail' | 'viewers' | 'config'>;
const page = 500;

/**
 * Takes the next page of the log into the messages of one input, and moves its place, in one transaction: no fact is left out or
 * taken twice, whoever fills. Answers how many there are, and whether there was a full page.
 */
const fill = async (
  { db, tail, viewers }: Context,
  input: InputRow,
): Promise<{ taken: number; more: boolean }> => {
  const viewer = await viewers.ofApp(flowsApp);
  // Not registered yet, or switched off: what happens meanwhile is told afterwards.
  if (viewer === undefined) return { taken: 0, more: false };
  const { events, cursor } = await tail.read({ after: input.place, limit: page });
  if (compareCursors(cursor, input.place) <= 0) return { taken: 0, more: false };
  const types = new Set(input.types.map(name => eventType(name as EventName)));
  const messages = events
    .filter(({ type }) => types.has(type))
    .flatMap(event => {
      const shown = showToFlows(event, viewer);
      if (shown === undefined) return [];
      const { stage, flow, node, ordered, attempts } = input;
      const message = { payload: shown.data, topic: event.type, event: toCloudEvent(shown) };
      return [{ stage, flow, node, key: ordered ? event.subject : null, message, attempts }];
    });
  await inTransaction(db, async tx => {
    // Whoever loses the race has written nothing.
    if (await moveInput(tx, input, cursor)) await insertMessages(tx, messages);
  });
  return { taken: messages.length, more: events.length === page };
};

/** Takes what is new in the log to the inputs of this hub's stage. Answers how much, and whether more is known to be there. */
export const fillInputs = async (context: Context): Promise<{ taken: number; more: boolean }> => {
  const sum = { taken: 0, more: false };
  for (const input of await listEventInputs(context.db, context.config.flowStage)) {
    const { taken, more } = await fill(context, input);
    sum.taken += taken;
    sum.more ||= more;
  }
  return sum;
};
