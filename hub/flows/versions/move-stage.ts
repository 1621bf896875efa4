import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Tx } from '#hub/platform/database.ts';
import type { FlowStageChange } from '#schemas/flow-version.ts';
import { compareVersions } from './compare-versions.ts';
import { countChanges } from './difference/count-changes.ts';
import { followInputs } from './follow-inputs-store.ts';
import { inputsOf } from './inputs-of.ts';
import { readVersion } from './read-version.ts';
import { insertStageChange } from './stage-store.ts';

const actions = { deploy: 'flow.deployed', promotion: 'flow.promoted', 'roll-back': 'flow.rolled-back' };

/**
 * Lets a stage run a version: its history, its inputs and the audit trail, in the caller's transaction, which holds the stage
 * (`lockStage`). The caller tells the runners after the commit.
 */
export const moveStage = async (
  tx: Tx,
  move: Omit<FlowStageChange, 'number' | 'at'>,
): Promise<FlowStageChange> => {
  const { contents } = await readVersion(tx, move.version);
  const change = await insertStageChange(tx, move);
  await followInputs(tx, move.stage, inputsOf(contents));
  const difference = await compareVersions(tx, move.before, move.version);
  await appendAudit(tx, {
    actor: move.actor,
    action: actions[move.kind],
    object: `flow-version/${move.version}`,
    detail: {
      stage: move.stage,
      ...(move.before === undefined ? {} : { before: move.before }),
      ...(move.proposal === undefined ? {} : { proposal: move.proposal }),
      ...countChanges(difference),
    },
  });
  return change;
};
