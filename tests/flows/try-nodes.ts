import assert from 'node:assert/strict';
import { runCases } from '#flows/cases/run-cases.ts';
import { createLog } from '#hub/platform/log.ts';
import type { FlowContents } from '#schemas/flow.ts';
import type { FlowCase, FlowCaseResult } from '#schemas/flow-case.ts';
import { drawNode } from '#tests/flows/draw-node.ts';

/** What is promised of a node, and how it is seen. */
export interface NodePromise {
  /** A sentence. */
  title: string;
  node: Record<string, unknown>;
  message: Record<string, unknown>;
  outputs?: number;
  /** It fails with these words, having asked nothing. */
  fails?: string;
  more?: Partial<FlowCase>;
}

type Expected = FlowCase['calls'][number];

/** What comes out of an output of the node. */
export const out = (output: number, message: Record<string, unknown>): Expected => ({
  command: 'app.call',
  input: { app: 'probe', method: String(output), input: message },
});
/** What the node asks of the hub. */
export const asks = (command: string, input: unknown): Expected => ({ command, input });
/** What the hub answers, or refuses. */
export const answers = (command: string, answer: unknown) => ({ command, answer });
export const refuses = (command: string, code: string) => ({ command, refuse: { code, message: code } });

const refuse = async (): Promise<never> => {
  throw new Error('a node under test asked the real hub');
};

/** Runs nodes in the real Node-RED with a played hub, all in one process, and says of each promise whether it is kept. */
export const tryNodes = (promises: NodePromise[]): void => {
  let results: FlowCaseResult[];
  before(async () => {
    const contents: FlowContents = promises.flatMap(({ node, outputs = 1 }, at) =>
      drawNode(`f${at}`, node, outputs),
    );
    results = await runCases(
      { call: refuse as never, log: createLog('silent') },
      contents,
      promises.map(({ title, message, more }, at) => ({
        flow: `f${at}`,
        cases: [
          { name: title, in: { node: `f${at}-in`, message }, calls: [], ends: 'acknowledged', ...more },
        ],
      })),
    );
  });
  for (const [at, { title, fails }] of promises.entries())
    it(title, () => {
      const { ended, calls, faults } = results[at]!;
      if (fails === undefined) return assert.deepEqual(faults, []);
      assert.deepEqual({ ended, calls }, { ended: 'failed', calls: [] });
      assert.ok(faults.join().includes(fails), faults.join());
    });
};
