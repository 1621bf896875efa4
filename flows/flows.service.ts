import { createEditorDoor } from '#flows/supervise/editor-door.ts';
import { type Editor, startEditor } from '#flows/supervise/start-editor.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** Node-RED: the editor, and the processes that run the flows of this hub's stage. */
const createFlows: CreatePart = context => {
  let editor: Editor | undefined;
  return {
    name: 'flow-runtime',
    actions: {},
    mounts: [createEditorDoor(context, { socketPath: () => editor?.socketPath() })],
    async start() {
      editor = startEditor(context);
    },
    async stop() {
      await editor?.stop();
    },
  };
};
export default createFlows;
