import { runKnownCases } from '#flows/cases/run-known-cases.ts';
import { installLibrary } from '#flows/library/install-library.ts';
import { createEditorDoor } from '#flows/supervise/editor-door.ts';
import { runFlows } from '#flows/supervise/run-flows.ts';
import { type Editor, startEditor } from '#flows/supervise/start-editor.ts';
import type { Handlers } from '#hub/platform/calls.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';

/** Once it runs there is nothing left to do. */
const restMs = 2 ** 31 - 1;

/** Node-RED: the editor, and the processes that run the flows of this hub's stage. A new hub gets the library first. */
const createFlows: CreatePart = context => {
  let running: ReturnType<typeof runFlows> | undefined;
  let editor: Editor | undefined;
  let waiting: Repeater | undefined;
  const begin = async (): Promise<void> => {
    await installLibrary(context);
    running = runFlows(context);
    editor = startEditor(context);
  };
  return {
    name: 'flow-runtime',
    actions: {
      'flow-runtime.show': async () => running?.show() ?? { version: undefined, runners: [], stopped: [] },
      'flow-runtime.run-cases': given => runKnownCases(context, given),
      'flow-runtime.resume': async ({ flow }) => running?.resume(flow),
    } satisfies Handlers<'flow-runtime'>,
    mounts: [createEditorDoor(context, { socketPath: () => editor?.socketPath() })],
    async start() {
      // The part of the hub that keeps flows may be on another machine, and come later.
      await begin().catch(() => {
        waiting = repeat(context.log, 'library of flows', async () => {
          if (running === undefined) await begin();
          return restMs;
        });
      });
    },
    async stop() {
      await waiting?.stop();
      await Promise.all([running?.stop(), editor?.stop()]);
    },
  };
};
export default createFlows;
