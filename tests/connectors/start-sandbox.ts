import type { StartedForContract, StartForContract } from '#sandbox/kit/started-for-contract.ts';

/** Starts the sandbox app of a connector by its `sandbox/<id>/for-contract.ts`. */
export const startSandbox = async (id: string): Promise<StartedForContract> => {
  const module = (await import(`#sandbox/${id}/for-contract.ts`)) as { startForContract: StartForContract };
  return module.startForContract();
};

/** Tells the app how to misbehave from now on. */
export const setFault = async (origin: string, fault: Record<string, unknown>): Promise<void> => {
  const answer = await fetch(`${origin}/_faults`, { method: 'POST', body: JSON.stringify(fault) });
  await answer.text();
};
