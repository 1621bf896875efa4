import { beginEffect, dropEffect, finishEffect } from '#hub/flows/effects/effect-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** What a message may do to the world. `id` is the same at every repeat: hand it on to whatever can tell a repeat by it. */
export type Effect = (context: PartContext, input: unknown, id: string) => Promise<unknown>;

/** How long until an effect that somebody else is at is asked after again. */
const restMs = 100;
/** Who waits longer gives up; the message comes again. */
const patienceMs = 60_000;

interface Wish {
  id: string;
  lease: string;
  key: string;
  command: string;
  input: unknown;
}

/** Begins an effect, or waits for who has begun it. */
const begin = async (db: PartContext['db'], wish: Wish): Promise<Awaited<ReturnType<typeof beginEffect>>> => {
  const until = performance.now() + patienceMs;
  for (;;) {
    const found = await beginEffect(db, wish);
    if (found.state !== 'pending' || performance.now() > until) return found;
    await new Promise(resolve => setTimeout(resolve, restMs));
  }
};

/**
 * Does something once for a message. What was done under the same key is told, not done again; only if this process dies
 * between the deed and its note is it done a second time, with the same `id`.
 *
 * @throws {AppError} `flow-lease-lost`: nothing was done; `flow-effect-pending`: somebody else is at it; and what the effect itself
 *   throws: it was not done
 */
export const perform = async (
  context: PartContext,
  effects: Record<string, Effect>,
  wish: Wish,
): Promise<{ answer: unknown; repeated: boolean }> => {
  const { db } = context;
  const { id, key, command, input } = wish;
  const effect = effects[command];
  if (effect === undefined) throw new AppError('flow-command-forbidden', { name: command });
  const found = await begin(db, wish);
  if (found.state === 'lost') throw new AppError('flow-lease-lost', { message: id });
  if (found.state === 'pending') throw new AppError('flow-effect-pending', { message: id });
  if (found.state === 'done') return { answer: found.answer, repeated: true };
  const deed = effect(context, input, `${id}/${key}`);
  const answer = await deed.catch(async error => {
    await dropEffect(db, id, key).catch(() => {});
    throw error;
  });
  // Done is done: what goes wrong from here on must not let it be done again.
  await finishEffect(db, id, key, answer ?? null);
  return { answer: answer ?? null, repeated: false };
};
