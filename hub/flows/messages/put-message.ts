import { findInput } from '#hub/flows/messages/input-places-store.ts';
import { insertMessages } from '#hub/flows/messages/message-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { flowCommands } from '#schemas/commands/flows.ts';

/** Keeps a message for an input that runs. @throws {AppError} `flow-input-unknown` */
export const putMessage = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  { stage, flow, node, id, key, message }: ParamsOf<(typeof flowCommands)['flows.put']>,
): Promise<{ id: string }> => {
  const input = await findInput(db, { stage, flow, node });
  if (input === undefined) throw new AppError('flow-input-unknown', { stage, flow, node });
  await insertMessages(db, [{ id, stage, flow, node, key: key ?? null, message, attempts: input.attempts }]);
  wake.notify('flows');
  return { id };
};
