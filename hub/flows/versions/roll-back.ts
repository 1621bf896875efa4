import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowStage } from '#schemas/flow.ts';
import type { FlowStageChange } from '#schemas/flow-version.ts';
import { moveStage } from './move-stage.ts';
import { hasRun, lockStage, readStage } from './stage-store.ts';

/**
 * Lets a stage run an earlier version again, at once and without a review: production only what it ran before.
 *
 * @throws {AppError} `flow-version-unknown`; `flow-never-run`
 */
export const rollBack = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  {
    stage,
    version,
    ...who
  }: { stage: FlowStage; version: number; reason: string; actor: string; actorName: string },
): Promise<FlowStageChange> => {
  const change = await inTransaction(db, async tx => {
    await lockStage(tx, stage);
    const running = await readStage(tx, stage);
    if (running?.version === version) return running;
    if (stage === 'production' && !(await hasRun(tx, stage, version)))
      throw new AppError('flow-never-run', { stage, number: version });
    return moveStage(tx, { stage, version, before: running?.version, kind: 'roll-back', ...who });
  });
  wake.notify('flow-versions');
  return change;
};
