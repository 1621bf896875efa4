import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Decision } from '#hub/signing/decide.ts';
import { demandRoom } from '#hub/signing/demand-room.ts';
import { moveRequests } from '#hub/signing/request-store.ts';
import { showHolder } from '#hub/signing/signers/show-holder.ts';
import { refuseStep, type StepRow } from '#hub/signing/step-store.ts';
import { subjectOf, tellSigning } from '#hub/signing/tell.ts';
import type { DecisionOutcome } from '#schemas/signing.ts';

/** A refusal ends the whole request: who asked is told the reason. */
export const refuse = (
  { db }: Pick<PartContext, 'db'>,
  { step, decision, delegationId }: { step: StepRow; decision: Decision; delegationId: string | null },
) =>
  inTransaction(db, async (tx): Promise<DecisionOutcome> => {
    await lockSubjects(tx, [subjectOf(step.requestId)]);
    const reason = { code: 'refused', ...(decision.reason ? { text: decision.reason } : {}) };
    const by = { staffId: decision.staffId, delegationId };
    if ((await refuseStep(tx, step, by, reason)) === undefined)
      throw new AppError('signing-step-not-waiting');
    await demandRoom(tx, [delegationId]);
    const [request] = await moveRequests(tx, [step.requestId], ['waiting'], { state: 'refused', reason });
    const actor = `staff/${decision.staffId}`;
    await appendAudit(tx, {
      ...{ actor, action: 'signing.refused', object: `signing-step/${step.id}` },
      ...(delegationId === null ? {} : { detail: { onBehalfOf: [step.staffId] } }),
    });
    await tellSigning(tx, 'signing.refused', actor, [
      {
        request: request!,
        data: {
          position: step.position,
          ...showHolder(step),
          ...(decision.reason ? { reason: decision.reason } : {}),
        },
      },
    ]);
    return { stepId: step.id, ok: true };
  });
