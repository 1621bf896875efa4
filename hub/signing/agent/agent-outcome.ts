import type { Database } from '#hub/platform/database.ts';
import { lastCall } from '#hub/signing/agent/call-store.ts';
import { waitingSteps } from '#hub/signing/step-store.ts';
import type { AgentOutcome } from '#schemas/signing.ts';

/** What came of a person's newest call of the agent for a step. `gone`: the step waits no more, and not because of this person's token. */
export const agentOutcome = async (db: Database, staffId: string, stepId: string): Promise<AgentOutcome> => {
  const call = await lastCall(db, stepId, staffId);
  if (call?.isUsed) return { state: 'signed' };
  const [step] = await waitingSteps(db, { ids: [stepId] });
  if (call === undefined || step === undefined) return { state: 'gone' };
  return { state: 'waiting', ...(call.refused === null ? {} : { problem: call.refused }) };
};
