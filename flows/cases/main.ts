import { join } from 'node:path';
import RED from 'node-red';
import { harmless } from '#flows/cases/harmless.ts';
import { judgeCase } from '#flows/cases/judge-case.ts';
import { playHub } from '#flows/cases/play-hub.ts';
import { openHub } from '#flows/channel/ask-hub.ts';
import { commonSettings } from '#flows/node-red/common-settings.ts';
import { keepNothing } from '#flows/runner/keep-nothing.ts';
import { tellFailures } from '#flows/runner/tell-failures.ts';
import type { FlowContents } from '#schemas/flow.ts';
import type { FlowCase, FlowCaseResult } from '#schemas/flow-case.ts';

/** What the parent may ask of the process that runs cases. */
export interface CasesSide {
  start(contents: FlowContents, userDir: string): Promise<void>;
  run(flow: string, given: FlowCase): Promise<FlowCaseResult>;
}

/** A case that has not ended by then will not. */
const limitMs = 5000;

const played = playHub();
let contents: FlowContents = [];

const side: CasesSide = {
  async start(given, userDir) {
    contents = harmless(given);
    RED.init(undefined, {
      ...commonSettings,
      nodesDir: [commonSettings.nodesDir, join(import.meta.dirname, 'nodes')],
      nodesExcludes: [...commonSettings.nodesExcludes, '21-httprequest.js'],
      httpAdminRoot: false,
      disableEditor: true,
      userDir,
      credentialSecret: false,
      storageModule: keepNothing(contents, {}),
      lienthong: played.hub,
    });
    tellFailures({ ...played, settle: played.hub.settle });
    const running = new Promise<void>(resolve => RED.events.once('flows:started', () => resolve()));
    await RED.start();
    await running;
  },
  async run(flow, given) {
    const began = performance.now();
    const wanted = given.in.node;
    const node = contents.find(({ id, name, z }) => z === flow && (id === wanted || name === wanted));
    const tell = (faults: string[], calls: FlowCaseResult['calls'], ended: string): FlowCaseResult => ({
      flow,
      name: given.name,
      ok: faults.length === 0,
      faults,
      calls,
      ended,
      tookMs: Math.round(performance.now() - began),
    });
    if (node === undefined || !played.has(node.id))
      return tell([`The flow has no node "${wanted}" that takes messages in.`], [], 'nothing');
    const id = crypto.randomUUID();
    let late: NodeJS.Timeout | undefined;
    let result: ReturnType<typeof played.begin> | undefined;
    await new Promise<void>(resolve => {
      late = setTimeout(resolve, limitMs);
      result = played.begin(id, node.id, given, resolve);
    });
    clearTimeout(late);
    // What the flow does in the same turn after its end belongs to the case, too.
    await new Promise(setImmediate);
    played.end(id);
    const { calls, ended } = result!;
    return tell(judgeCase(given, result!), calls, ended ?? 'nothing');
  },
};
openHub(side);

process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
