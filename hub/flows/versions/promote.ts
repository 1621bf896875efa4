import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowStageChange } from '#schemas/flow-version.ts';
import { mayApprove } from './may-approve.ts';
import { moveStage } from './move-stage.ts';
import { lockProposal, recordPromotion } from './proposal-store.ts';
import { lockStage, readStage } from './stage-store.ts';
import { findVersion } from './version-store.ts';

/**
 * Lets production run what was approved.
 *
 * @throws {AppError} `flow-proposal-unknown`; `flow-review-needed`; `flow-proposal-decided`; `flow-proposal-outdated`
 *   production runs something else than when it was proposed, so nobody has seen what would change now
 */
export const promote = async (
  { db, wake, config }: Pick<PartContext, 'db' | 'wake' | 'config'>,
  { number, actor, actorName }: { number: number; actor: string; actorName: string },
): Promise<FlowStageChange> => {
  const change = await inTransaction(db, async tx => {
    await lockStage(tx, 'production');
    const proposal = await lockProposal(tx, number);
    if (proposal === undefined) throw new AppError('flow-proposal-unknown', { number });
    const { version, base, state, reviewer = '', message: reason } = proposal;
    if (state === 'refused' || state === 'promoted')
      throw new AppError('flow-proposal-decided', { number, state });
    // Asked again: it may have been approved while reviews were off.
    const { author } = (await findVersion(tx, version))!;
    if (state === 'waiting' || (config.flowsReview && !mayApprove(reviewer, author)))
      throw new AppError('flow-review-needed', { number });
    const running = (await readStage(tx, 'production'))?.version;
    if (running !== base) throw new AppError('flow-proposal-outdated', { number, current: running ?? 0 });
    await recordPromotion(tx, number);
    const who = { actor, actorName, reason, proposal: number };
    return moveStage(tx, { stage: 'production', version, before: running, kind: 'promotion', ...who });
  });
  wake.notify('flow-versions');
  return change;
};
