import type { FlowContents, FlowNode } from '#schemas/flow.ts';

const flowOf = ({ type, id, z }: FlowNode): string | undefined =>
  type === 'tab' ? id : typeof z === 'string' && z !== '' ? z : undefined;

/** What a process needs to run some of the flows: their nodes, and what belongs to no flow (settings, subflows). Pure. */
export const contentsFor = (contents: FlowContents, flows: string[]): FlowContents => {
  const tabs = new Set(contents.filter(({ type }) => type === 'tab').map(({ id }) => id));
  return contents.filter(node => {
    const flow = flowOf(node);
    return flow === undefined || !tabs.has(flow) || flows.includes(flow);
  });
};
