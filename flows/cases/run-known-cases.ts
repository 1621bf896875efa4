import { runCases } from '#flows/cases/run-cases.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowContents } from '#schemas/flow.ts';
import type { FlowCaseResult } from '#schemas/flow-case.ts';

/** Runs the cases that the hub keeps, over what somebody is about to deploy, or over what the sandbox stage has. */
export const runKnownCases = async (
  context: Pick<PartContext, 'call' | 'log'>,
  { contents, flows }: { contents?: FlowContents; flows?: string[] },
): Promise<FlowCaseResult[]> => {
  const given = contents ?? (await context.call('flows.current', { stage: 'sandbox' }))?.contents ?? [];
  const cases = await context.call('flows.cases', flows === undefined ? {} : { flows });
  if (cases.length === 0) return [];
  const byFlow = Map.groupBy(cases, ({ flow }) => flow);
  return runCases(
    context,
    given,
    [...byFlow].map(([flow, rows]) => ({ flow, cases: rows.map(row => row.given) })),
  );
};
