import { runKnownCases } from '#flows/cases/run-known-cases.ts';
import { runFlows } from '#flows/supervise/run-flows.ts';
import type { Handlers } from '#hub/platform/calls.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** Node-RED: the editor, and the processes that run the flows of this hub's stage. */
const createFlows: CreatePart = context => {
  let running: ReturnType<typeof runFlows> | undefined;
  return {
    name: 'flow-runtime',
    actions: {
      'flow-runtime.show': async () => running?.show() ?? { version: undefined, runners: [], stopped: [] },
      'flow-runtime.run-cases': given => runKnownCases(context, given),
      'flow-runtime.resume': async ({ flow }) => running?.resume(flow),
    } satisfies Handlers<'flow-runtime'>,
    async start() {
      running = runFlows(context);
    },
    async stop() {
      await running?.stop();
    },
  };
};
export default createFlows;
