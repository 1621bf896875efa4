import type { FlowContents, FlowNode } from '#schemas/flow.ts';

/** The flows (tabs) that are on. */
export const flowsOn = (contents: FlowContents): string[] =>
  contents.filter(({ type, disabled }) => type === 'tab' && disabled !== true).map(({ id }) => id);

/** The nodes that are on, on flows that are on. What is in a subflow is on none: each use of it would be another one. */
export const nodesOn = (contents: FlowContents): (FlowNode & { z: string })[] => {
  const flows = new Set(flowsOn(contents));
  return contents.filter(
    (node): node is FlowNode & { z: string } => node.d !== true && flows.has(String(node.z)),
  );
};
