import { findEffect, keepEffect } from '#hub/flows/effects/effect-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** What a message may do to the world. `id` is the same at every repeat: hand it on to whatever can tell a repeat by it. */
export type Effect = (context: PartContext, input: unknown, id: string) => Promise<unknown>;

/**
 * Does something once for a message. What was done under the same key is told, not done again; only if this process dies
 * between the deed and its note is it done a second time, with the same `id`.
 *
 * @throws {AppError} `flow-lease-lost`: nothing was done; and what the effect itself throws: it was not done
 */
export const perform = async (
  context: PartContext,
  effects: Record<string, Effect>,
  {
    id,
    lease,
    key,
    command,
    input,
  }: { id: string; lease: string; key: string; command: string; input: unknown },
): Promise<{ answer: unknown; repeated: boolean }> => {
  const known = await findEffect(context.db, { id, lease }, key);
  if (known === undefined) throw new AppError('flow-lease-lost', { message: id });
  if (known.answer !== undefined)
    return { answer: (known.answer as { answer: unknown }).answer, repeated: true };
  const effect = effects[command];
  if (effect === undefined) throw new AppError('flow-command-forbidden', { name: command });
  const answer = (await effect(context, input, `${id}/${key}`)) ?? null;
  await keepEffect(context.db, { id, key, command, input, answer });
  return { answer, repeated: false };
};
