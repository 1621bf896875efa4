import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CasesSide } from '#flows/cases/main.ts';
import { startChild } from '#flows/supervise/start-child.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowContents } from '#schemas/flow.ts';
import type { FlowCase, FlowCaseResult } from '#schemas/flow-case.ts';

/** Cases of one flow. */
export interface CasesOf {
  flow: string;
  cases: FlowCase[];
}

/** Runs cases in a process of their own, one after the other. It has no way to the hub: nothing that a flow does is real. */
export const runCases = async (
  context: Pick<PartContext, 'call' | 'log'>,
  contents: FlowContents,
  given: CasesOf[],
): Promise<FlowCaseResult[]> => {
  const userDir = mkdtempSync(join(tmpdir(), 'lienthong-cases-'));
  writeFileSync(join(userDir, 'package.json'), '{}');
  const child = startChild<CasesSide>(context, {
    main: 'cases/main.ts',
    orders: {},
    may: new Set(),
    only: userDir,
    memoryMb: 256,
  });
  try {
    await child.ask.start(contents, userDir);
    const results: FlowCaseResult[] = [];
    for (const { flow, cases } of given)
      for (const one of cases) results.push(await child.ask.run(flow, one));
    return results;
  } finally {
    await child.stop();
    rmSync(userDir, { recursive: true, force: true });
  }
};
