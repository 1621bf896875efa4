import RED from 'node-red';
import { openHub } from '#flows/channel/ask-hub.ts';
import { commonSettings } from '#flows/node-red/common-settings.ts';
import { keepNothing } from '#flows/runner/keep-nothing.ts';
import { createLender, type Lender } from '#flows/runner/lend.ts';
import { stopLoops } from '#flows/runner/stop-loops.ts';
import { tellFailures } from '#flows/runner/tell-failures.ts';
import type { FlowContents, FlowStage } from '#schemas/flow.ts';

/** What a runner is told at its start, over the pipe. */
export interface RunnerOrders {
  stage: FlowStage;
  runner: string;
  contents: FlowContents;
  credentials: Record<string, unknown>;
  credentialSecret: string;
  userDir: string;
}

/** What the parent may ask of a runner. */
export interface RunnerSide {
  start(orders: RunnerOrders): Promise<void>;
  wake(): void;
  /** That the event loop turns. */
  ping(): true;
  /** Takes nothing more, and answers when what is under way is settled or the time is up. */
  drain(withinMs: number): Promise<void>;
}

let lender: Lender | undefined;
const side: RunnerSide = {
  async start({ stage, runner, contents, credentials, credentialSecret, userDir }) {
    lender = createLender({ call: hub.call, stage, runner });
    RED.init(undefined, {
      ...commonSettings,
      httpAdminRoot: false,
      disableEditor: true,
      userDir,
      credentialSecret,
      storageModule: keepNothing(contents, credentials),
      lienthong: lender,
    });
    tellFailures(lender);
    stopLoops(lender);
    const running = new Promise<void>(resolve => RED.events.once('flows:started', () => resolve()));
    await RED.start();
    await running;
  },
  wake: () => lender?.wake(),
  ping: () => true,
  async drain(withinMs) {
    await lender?.drain(withinMs);
  },
};
const hub = openHub(side);

process.on('SIGTERM', () => process.exit(0));
// Without its parent a runner can neither claim nor settle.
process.on('disconnect', () => process.exit(0));
