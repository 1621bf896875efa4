import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowProposal } from '#schemas/flow-version.ts';
import { mayApprove } from './may-approve.ts';
import { lockProposal, recordReview } from './proposal-store.ts';
import { findVersion } from './version-store.ts';

/**
 * Approves or refuses a proposal.
 *
 * @throws {AppError} `flow-proposal-unknown`; `flow-proposal-decided`; `flow-review-own` reviews are on, and this is the
 *   author of the version, or no person
 */
export const review = (
  { db, config }: Pick<PartContext, 'db' | 'config'>,
  given: { number: number; approve: boolean; comment: string; actor: string; actorName: string },
): Promise<FlowProposal> =>
  inTransaction(db, async tx => {
    const { number, approve, comment, actor, actorName } = given;
    const proposal = await lockProposal(tx, number);
    if (proposal === undefined) throw new AppError('flow-proposal-unknown', { number });
    const { version, state } = proposal;
    if (state !== 'waiting') throw new AppError('flow-proposal-decided', { number, state });
    const { author } = (await findVersion(tx, version))!;
    if (approve && config.flowsReview && !mayApprove(actor, author))
      throw new AppError('flow-review-own', { version });
    await appendAudit(tx, {
      actor,
      action: approve ? 'flow.approved' : 'flow.refused',
      object: `flow-version/${version}`,
      detail: { proposal: number },
    });
    return recordReview(tx, {
      ...{ number, comment, reviewer: actor, reviewerName: actorName },
      state: approve ? 'approved' : 'refused',
    });
  });
