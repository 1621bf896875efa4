import type { CreatePart } from '#hub/platform/part.ts';

/** Node-RED: the editor, and the processes that run the flows of this hub's stage. */
const createFlows: CreatePart = () => ({ name: 'flow-runtime', actions: {} });
export default createFlows;
