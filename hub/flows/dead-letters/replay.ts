import { replayDeadLetters } from '#hub/flows/dead-letters/dead-letter-store.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { flowCommands } from '#schemas/commands/flows.ts';

/** Tries dead letters again from the node where they came in. What they did already is not done again. */
export const replay = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  { actor, requestId, ...wanted }: ParamsOf<(typeof flowCommands)['flows.replay']>,
): Promise<{ replayed: number }> => {
  const replayed = await inTransaction(db, async tx => {
    const count = await replayDeadLetters(tx, wanted);
    await appendAudit(tx, {
      actor,
      action: 'flow-dead-letters.replayed',
      object: `flow/${wanted.flow ?? '*'}`,
      detail: { ...wanted, replayed: count },
      ...(requestId === undefined ? {} : { requestId }),
    });
    return count;
  });
  wake.notify('flows');
  return { replayed };
};
