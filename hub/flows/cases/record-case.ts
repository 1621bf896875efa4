import { putCase } from '#hub/flows/cases/case-store.ts';
import { maskMessage } from '#hub/flows/cases/mask-message.ts';
import { listEffects } from '#hub/flows/effects/effect-store.ts';
import { findMessage } from '#hub/flows/messages/message-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowCase } from '#schemas/flow-case.ts';

const endOf: Record<string, FlowCase['ends']> = { done: 'acknowledged', dead: 'dead-letter' };

/**
 * Makes a case of a real message: what came in, what the world answered, what the flow did, with everything personal made up.
 *
 * @throws {AppError} `not-found`: no such message is kept any more
 */
export const recordCase = async (
  { db }: Pick<PartContext, 'db'>,
  { messageId, name, actor }: { messageId: string; name: string; actor: string },
): Promise<{ flow: string; given: FlowCase }> => {
  const found = await findMessage(db, messageId);
  if (found === undefined) throw new AppError('not-found');
  const { flow, node, message, state } = found;
  const effects = await listEffects(db, messageId);
  // Masked as a whole: one person is the same person in the message and in what was done.
  const masked = maskMessage({ message, effects });
  const given: FlowCase = {
    name,
    in: { node, message: masked.message },
    stubs: masked.effects.map(({ command, input, answer }) => ({ command, input, answer })),
    calls: masked.effects.map(({ command, input }) => ({ command, input })),
    ends: endOf[state] ?? 'acknowledged',
  };
  await putCase(db, flow, given, actor);
  return { flow, given };
};
